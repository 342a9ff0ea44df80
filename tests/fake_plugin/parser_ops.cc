#include <algorithm>

#include "parser.hpp"

namespace fake {

void Parser::CheckTypes(const Op &op, const std::vector<TensorType> &given, bool arrow) {
  bool listed = arrow || op.name == "return" || op.name == "stablehlo.while";
  if (!listed && !IsElementwise(op.name)) return;
  if (listed && given.size() != op.operands.size()) {
    lexer_.Fail(Text(op.name, " has ", op.operands.size(), " operands and ", given.size(), " operand types"));
  }
  for (size_t i = 0; i < op.operands.size(); ++i) {
    const TensorType &wanted = listed ? given[i] : given.front();
    if (value_types_[static_cast<size_t>(op.operands[i])] == wanted) continue;
    throw ProgramError(PJRT_Error_Code_UNKNOWN, Text("line ", op.line, ": operand ", i, " of ", op.name,
                                                     " has another type than it is used with"));
  }
}

void Parser::ParseSignature(Op *op) {
  lexer_.Expect(":");
  std::vector<TensorType> types = ParseTypeList();
  bool arrow = lexer_.Accept("->");
  if (types.empty() && !arrow) lexer_.Fail("expected a type");
  CheckTypes(*op, types, arrow);
  if (op->name == "return") {
    if (arrow) ParseTypeList();
    return;
  }
  if (arrow) {
    op->result_types = ParseTypeList();
  } else if (op->name == "stablehlo.while" || op->name == "stablehlo.tuple") {
    op->result_types = types;
  } else {
    op->result_types = {types.back()};
  }
}

Dims Parser::ParseInts() {
  Dims list;
  lexer_.Expect("[");
  while (!lexer_.Accept("]")) {
    if (lexer_.Peek().kind == Kind::kNumber) {
      list.push_back(std::strtoll(lexer_.Next().text.c_str(), nullptr, 10));
    } else if (lexer_.Peek().kind == Kind::kEnd) {
      lexer_.Fail("a list does not end");
    } else {
      lexer_.Next();
    }
  }
  return list;
}

void Parser::ParseAttribute(Op *op, const std::string &key, bool typed) {
  const Token &token = lexer_.Peek();
  if (token.Is("[")) {
    op->lists[key] = ParseInts();
    if (lexer_.Accept("x")) op->lists[key + ".rhs"] = ParseInts();
  } else if (token.kind == Kind::kNumber) {
    op->lists[key] = {std::strtoll(lexer_.Next().text.c_str(), nullptr, 10)};
    if (typed && lexer_.Accept(":")) lexer_.Next();
  } else if (token.Is("dense")) {
    lexer_.Next();
    int line = lexer_.Peek().line;
    std::string raw = lexer_.TakeRaw('<', '>');
    lexer_.Expect(":");
    std::vector<TensorType> types = ParseType();
    if (types[0].type != PJRT_Buffer_Type_S64 || types[0].elements() == 0) return;
    Tensor tensor = ParseDense(raw, types[0], line);
    op->lists[key] = std::get<std::vector<int64_t>>(tensor.values);
    op->lists[key + ".dims"] = types[0].dims;
  } else if (token.Is("array")) {
    lexer_.Next();
    std::string raw = lexer_.TakeRaw('<', '>');
    size_t colon = raw.find(':');
    if (colon == std::string::npos) return;
    Tensor tensor =
        ParseDense(raw.substr(colon + 1),
                   {PJRT_Buffer_Type_S64, {1 + std::count(raw.begin(), raw.end(), ',')}}, token.line);
    op->lists[key] = std::get<std::vector<int64_t>>(tensor.values);
  } else if (token.Is("#")) {
    while (!lexer_.Peek().Is("<")) lexer_.Next();
    std::string raw = lexer_.TakeRaw('<', '>');
    size_t handle = raw.find("handle =");
    if (handle != std::string::npos) op->lists[key] = {std::strtoll(raw.c_str() + handle + 8, nullptr, 10)};
  } else {
    op->words.push_back(lexer_.Next().text);
  }
}

void Parser::ParseTag(Op *op) {
  int depth = 0;
  do {
    if (lexer_.Peek().kind == Kind::kEnd) lexer_.Fail("the attributes do not end");
    Token token = lexer_.Next();
    if (token.Is("{")) ++depth;
    if (token.Is("}")) --depth;
    if (!token.Is("_xla_tag") || !lexer_.Accept("=")) continue;
    op->tag = std::strtoll(lexer_.Next().text.c_str(), nullptr, 10);
  } while (depth > 0);
}

// `[0:2, 1:7:3]`: start, limit and stride of each dimension.
void Parser::ParseRange(Op *op) {
  lexer_.Expect("[");
  while (!lexer_.Accept("]")) {
    int64_t parts[3] = {0, 0, 1};
    for (int part = 0; part < 3; ++part) {
      if (part > 0 && !lexer_.Accept(":")) break;
      if (lexer_.Peek().kind != Kind::kNumber) lexer_.Fail("expected a number");
      parts[part] = std::strtoll(lexer_.Next().text.c_str(), nullptr, 10);
    }
    op->lists["start"].push_back(parts[0]);
    op->lists["limit"].push_back(parts[1]);
    op->lists["stride"].push_back(parts[2]);
    lexer_.Accept(",");
  }
}

void Parser::ParseOperand(Op *op, const Scope &scope) {
  Token token = lexer_.Next();
  std::string name = token.text.substr(0, token.text.find('#'));
  auto found = scope.find(name);
  if (found == scope.end()) {
    throw ProgramError(PJRT_Error_Code_UNKNOWN, Text("line ", token.line, ": %", name, " is not defined"));
  }
  size_t mark = token.text.find('#');
  if (mark == std::string::npos) {
    op->operands.insert(op->operands.end(), found->second.begin(), found->second.end());
    return;
  }
  size_t which = std::strtoul(token.text.c_str() + mark + 1, nullptr, 10);
  if (which >= found->second.size()) lexer_.Fail(Text("%", name, " has no result ", which));
  op->operands.push_back(found->second[which]);
}

void Parser::ParseBody(Op *op, const Scope &scope) {
  int depth = 0;
  while (depth > 0 || !lexer_.Peek().Is(":")) {
    const Token &token = lexer_.Peek();
    if (token.kind == Kind::kEnd) lexer_.Fail(Text("expected ':' and a type after ", op->name));
    if (token.kind == Kind::kValue) {
      ParseOperand(op, scope);
    } else if (token.Is("[")) {
      ParseRange(op);
    } else if (token.Is("{")) {
      ParseTag(op);
    } else if (token.kind == Kind::kWord || token.kind == Kind::kSymbol) {
      std::string word = lexer_.Next().text;
      if (word == "dense" && op->name == "stablehlo.constant") {
        op->words.push_back(lexer_.TakeRaw('<', '>'));
      } else if (lexer_.Accept("=")) {
        ParseAttribute(op, word, false);
      } else if (word != "applies" && word != "across") {
        op->words.push_back(word);
        if (word == "init") {
          lexer_.Expect(":");
          op->words.pop_back();
        }
      }
    } else {
      if (token.Is("(")) ++depth;
      if (token.Is(")") && --depth < 0) lexer_.Fail("unbalanced ')'");
      if (!token.Is("(") && !token.Is(")") && !token.Is(",")) lexer_.Fail("unexpected token");
      lexer_.Next();
    }
  }
}

void Parser::ParseGenericRegions(Op *op, const Scope &scope) {
  do {
    Scope inner = scope;
    Region region;
    lexer_.Expect("{");
    if (lexer_.Peek().kind == Kind::kBlock) {
      lexer_.Next();
      lexer_.Expect("(");
      while (!lexer_.Accept(")")) {
        std::string name = lexer_.Next().text;
        lexer_.Expect(":");
        region.params.push_back(NewValue(ParseType().at(0)));
        inner[name] = {region.params.back()};
        lexer_.Accept(",");
      }
      lexer_.Expect(":");
    }
    ParseOps(&region, inner);
    op->regions.push_back(std::move(region));
  } while (lexer_.Accept(","));
  lexer_.Expect(")");
}

void Parser::ParseGeneric(Op *op, const Scope &scope) {
  lexer_.Expect("(");
  while (!lexer_.Accept(")")) {
    if (lexer_.Peek().kind != Kind::kValue) lexer_.Fail("expected an operand");
    ParseOperand(op, scope);
    lexer_.Accept(",");
  }
  if (lexer_.Accept("<")) {
    lexer_.Expect("{");
    while (!lexer_.Accept("}")) {
      std::string key = lexer_.Next().text;
      if (lexer_.Accept("=")) ParseAttribute(op, key, true);
      if (lexer_.Peek().kind == Kind::kEnd) lexer_.Fail("the attributes do not end");
      lexer_.Accept(",");
    }
    lexer_.Expect(">");
  }
  if (lexer_.Accept("(")) ParseGenericRegions(op, scope);
  if (lexer_.Peek().Is("{")) ParseTag(op);
  ParseSignature(op);
}

void Parser::ParseWhile(Op *op, const Scope &scope) {
  std::vector<std::string> names;
  lexer_.Expect("(");
  while (!lexer_.Accept(")")) {
    names.push_back(lexer_.Next().text);
    lexer_.Expect("=");
    ParseOperand(op, scope);
    lexer_.Accept(",");
  }
  ParseSignature(op);
  if (names.size() != op->operands.size()) lexer_.Fail("the loop's values do not match its names");
  for (const char *keyword : {"cond", "do"}) {
    lexer_.Expect(keyword);
    Scope inner = scope;
    Region region;
    for (size_t i = 0; i < names.size(); ++i) {
      region.params.push_back(NewValue(op->result_types.at(i)));
      inner[names[i]] = {region.params.back()};
    }
    lexer_.Expect("{");
    ParseOps(&region, inner);
    op->regions.push_back(std::move(region));
  }
}

void Parser::ParseReducer(Op *op, const Scope &scope) {
  Scope inner = scope;
  Region region;
  while (lexer_.Accept("(")) {
    while (!lexer_.Accept(")")) {
      std::string name = lexer_.Next().text;
      lexer_.Expect(":");
      region.params.push_back(NewValue(ParseType().at(0)));
      inner[name] = {region.params.back()};
      lexer_.Accept(",");
    }
  }
  lexer_.Expect("{");
  ParseOps(&region, inner);
  op->regions.push_back(std::move(region));
}

std::vector<std::pair<std::string, int>> Parser::ParseResultNames() {
  std::vector<std::pair<std::string, int>> names;
  while (lexer_.Peek().kind == Kind::kValue) {
    std::string name = lexer_.Next().text;
    int count = 1;
    if (lexer_.Accept(":")) count = std::atoi(lexer_.Next().text.c_str());
    names.emplace_back(name, count);
    lexer_.Accept(",");
  }
  if (!names.empty()) lexer_.Expect("=");
  return names;
}

void Parser::Finish(Op *op, const std::vector<std::pair<std::string, int>> &names, Scope *scope) {
  if (op->name == "stablehlo.tuple") op->result_types.clear();
  for (const TensorType &type : op->result_types) op->results.push_back(NewValue(type));
  if (op->name == "stablehlo.tuple" && names.size() == 1) {
    (*scope)[names[0].first] = op->operands;
    return;
  }
  size_t next = 0;
  for (const auto &[name, count] : names) {
    std::vector<int> &ids = (*scope)[name];
    ids.clear();
    for (int i = 0; i < count && next < op->results.size(); ++i) ids.push_back(op->results[next++]);
  }
  if (!names.empty() && next != op->results.size())
    lexer_.Fail(Text(op->name, " has ", op->results.size(), " results"));
}

void Parser::ParseOp(Region *region, Scope *scope) {
  Op op;
  std::vector<std::pair<std::string, int>> names = ParseResultNames();
  Token name = lexer_.Next();
  op.line = name.line;
  op.name = name.text;
  if (op.name == "func.return" || op.name == "stablehlo.return") op.name = "return";
  if (op.name == "func.call") op.name = "call";
  if (!IsKnownOp(op.name)) {
    throw ProgramError(PJRT_Error_Code_UNKNOWN,
                       Text("line ", op.line, ": unknown operation '", op.name, "'"));
  }
  if (op.name == "stablehlo.all_reduce") module_.has_collectives = true;
  if (name.kind == Kind::kString) {
    ParseGeneric(&op, *scope);
  } else if (op.name == "stablehlo.while") {
    ParseWhile(&op, *scope);
  } else if (op.name != "return" || lexer_.Peek().kind == Kind::kValue) {
    ParseBody(&op, *scope);
    ParseSignature(&op);
  }
  if (op.name == "stablehlo.reduce" && lexer_.Accept("reducer")) ParseReducer(&op, *scope);
  if (op.name == "stablehlo.constant") {
    if (op.words.empty()) lexer_.Fail("expected dense<…>");
    op.constant = std::make_shared<const Tensor>(ParseDense(op.words[0], op.result_types.at(0), op.line));
  }
  Finish(&op, names, scope);
  region->ops.push_back(std::move(op));
}

void Parser::ParseOps(Region *region, Scope scope) {
  while (!lexer_.Accept("}")) ParseOp(region, &scope);
  if (region->ops.empty() || region->ops.back().name != "return") lexer_.Fail("a block ends without return");
}

}  // namespace fake
