#include "parser.hpp"

namespace fake {

int Parser::NewValue(const TensorType &type) {
  value_types_.push_back(type);
  return static_cast<int>(value_types_.size()) - 1;
}

TensorType Parser::ParseTensorType() {
  int line = lexer_.Peek().line;
  std::string raw = lexer_.TakeRaw('<', '>');
  if (size_t comma = raw.find(','); comma != std::string::npos && !raw.starts_with("complex"))
    raw.resize(comma);
  TensorType type;
  std::string_view rest = raw;
  while (!rest.empty() && ((rest[0] >= '0' && rest[0] <= '9') || rest[0] == '?')) {
    if (rest[0] == '?')
      throw ProgramError(PJRT_Error_Code_INVALID_ARGUMENT,
                         Text("line ", line, ": tensor<", raw, "> has a dynamic dimension"));
    size_t end = rest.find('x');
    if (end == std::string_view::npos || end > 18) lexer_.Fail(Text("'", raw, "' is not a tensor type"));
    type.dims.push_back(std::stoll(std::string(rest.substr(0, end))));
    rest.remove_prefix(end + 1);
  }
  const TypeInfo *info = FindTypeByName(rest);
  if (info == nullptr) lexer_.Fail(Text("unknown element type '", rest, "'"));
  type.type = info->type;
  return type;
}

// A tuple stands for its leaves.
std::vector<TensorType> Parser::ParseType() {
  if (lexer_.Accept("tensor")) return {ParseTensorType()};
  if (lexer_.Accept("!")) {
    lexer_.Expect("stablehlo.token");
    return {TensorType{PJRT_Buffer_Type_TOKEN, {}}};
  }
  if (!lexer_.Accept("tuple")) lexer_.Fail("expected a type");
  lexer_.Expect("<");
  std::vector<TensorType> types;
  while (!lexer_.Accept(">")) {
    for (TensorType &type : ParseType()) types.push_back(std::move(type));
    lexer_.Accept(",");
  }
  return types;
}

std::vector<TensorType> Parser::ParseTypeList() {
  std::vector<TensorType> types;
  bool parenthesised = lexer_.Accept("(");
  if (parenthesised && lexer_.Accept(")")) return types;
  do {
    for (TensorType &type : ParseType()) types.push_back(std::move(type));
  } while (lexer_.Accept(","));
  if (parenthesised) lexer_.Expect(")");
  return types;
}

void Parser::ParseParameterAttributes(Parameter *parameter) {
  lexer_.Expect("{");
  while (!lexer_.Accept("}")) {
    std::string key = lexer_.Next().text;
    bool is_sharding = key.ends_with("sharding");
    module_.sharded |= is_sharding;
    if (lexer_.Accept("=")) {
      Op values;
      bool is_true = lexer_.Peek().Is("true");
      if (is_sharding) parameter->sharding = key == "mhlo.sharding" ? lexer_.Peek().text : "sdy";
      ParseAttribute(&values, key, true);
      if (key == "jax.buffer_donor") parameter->donor = is_true;
      if (key == "tf.aliasing_output" && !values.lists[key].empty())
        parameter->aliased_output = values.lists[key][0];
    }
    if (lexer_.Peek().kind == Kind::kEnd) lexer_.Fail("the attributes do not end");
    lexer_.Accept(",");
  }
}

void Parser::ParseParameter(Function *function, Scope *scope) {
  if (lexer_.Peek().kind != Kind::kValue) lexer_.Fail("expected a parameter");
  std::string name = lexer_.Next().text;
  lexer_.Expect(":");
  Parameter parameter;
  std::vector<TensorType> types = ParseType();
  parameter.type = types.at(0);
  if (lexer_.Peek().Is("{")) ParseParameterAttributes(&parameter);
  function->body.params.push_back(NewValue(parameter.type));
  (*scope)[name] = {function->body.params.back()};
  function->params.push_back(std::move(parameter));
}

void Parser::ParseResults(Function *function) {
  if (!lexer_.Accept("(")) {
    function->results = ParseType();
    function->result_shardings.resize(function->results.size());
    return;
  }
  while (!lexer_.Accept(")")) {
    for (TensorType &type : ParseType()) function->results.push_back(std::move(type));
    Parameter attributes;
    if (lexer_.Peek().Is("{")) ParseParameterAttributes(&attributes);
    function->result_shardings.resize(function->results.size(), attributes.sharding);
    lexer_.Accept(",");
  }
}

void Parser::ParseFunction() {
  Function function;
  Scope scope;
  value_types_.clear();
  if (!lexer_.Accept("public")) lexer_.Accept("private");
  if (lexer_.Peek().kind != Kind::kSymbol) lexer_.Fail("expected the function's name");
  function.name = lexer_.Next().text;
  lexer_.Expect("(");
  while (!lexer_.Accept(")")) {
    ParseParameter(&function, &scope);
    if (!lexer_.Peek().Is(")")) lexer_.Expect(",");
  }
  if (lexer_.Accept("->")) ParseResults(&function);
  if (lexer_.Accept("attributes")) lexer_.SkipGroup();
  lexer_.Expect("{");
  ParseOps(&function.body, scope);
  const Op &last = function.body.ops.back();
  bool right = last.operands.size() == function.results.size();
  for (size_t i = 0; right && i < last.operands.size(); ++i) {
    right = value_types_[static_cast<size_t>(last.operands[i])] == function.results[i];
  }
  if (!right) {
    throw ProgramError(PJRT_Error_Code_UNKNOWN,
                       Text("line ", last.line, ": @", function.name, " does not return what it declares"));
  }
  function.num_values = static_cast<int>(value_types_.size());
  std::string name = function.name;
  module_.functions[name] = std::move(function);
}

void Parser::ParseModuleBody(bool braced) {
  while (!(braced ? lexer_.Accept("}") : lexer_.Peek().kind == Kind::kEnd)) {
    if (lexer_.Accept("sdy.mesh")) {
      while (!lexer_.Peek().Is("<")) lexer_.Next();
      lexer_.SkipGroup();
      if (lexer_.Peek().Is("{")) lexer_.SkipGroup();
      continue;
    }
    if (!lexer_.Accept("func.func")) lexer_.Fail("expected func.func");
    ParseFunction();
  }
}

Module Parser::Run() {
  bool braced = lexer_.Accept("module");
  if (braced) {
    if (lexer_.Peek().kind == Kind::kSymbol) module_.name = lexer_.Next().text;
    if (lexer_.Accept("attributes")) lexer_.SkipGroup();
    lexer_.Expect("{");
  }
  ParseModuleBody(braced);
  if (lexer_.Peek().kind != Kind::kEnd) lexer_.Fail("text after the module");
  if (module_.functions.count("main") == 0)
    throw ProgramError(PJRT_Error_Code_UNKNOWN, "the program has no function @main");
  return std::move(module_);
}

Module ParseModule(std::string_view text) { return Parser(text).Run(); }

}  // namespace fake
