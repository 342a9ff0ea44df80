// Reads StableHLO text in the pretty form, and in the generic form where that is all there is.
#pragma once

#include "lexer.hpp"
#include "program.hpp"

namespace fake {

class Parser {
 public:
  explicit Parser(std::string_view text) : lexer_(text) {}
  Module Run();

 private:
  using Kind = Token::Kind;
  using Scope = std::map<std::string, std::vector<int>>;

  void ParseModuleBody(bool braced);
  void ParseFunction();
  void ParseParameter(Function *function, Scope *scope);
  void ParseParameterAttributes(Parameter *parameter);
  void ParseResults(Function *function);
  std::vector<TensorType> ParseType();
  TensorType ParseTensorType();
  std::vector<TensorType> ParseTypeList();
  void ParseSignature(Op *op);
  void ParseOps(Region *region, Scope scope);
  void ParseOp(Region *region, Scope *scope);
  std::vector<std::pair<std::string, int>> ParseResultNames();
  void ParseBody(Op *op, const Scope &scope);
  void ParseGeneric(Op *op, const Scope &scope);
  void ParseGenericRegions(Op *op, const Scope &scope);
  void ParseWhile(Op *op, const Scope &scope);
  // `typed`: inside a dictionary a number carries its type.
  void ParseAttribute(Op *op, const std::string &key, bool typed);
  // A dictionary behind an operation, of which only the tag matters.
  void ParseTag(Op *op);
  void ParseRange(Op *op);
  void ParseReducer(Op *op, const Scope &scope);
  void ParseOperand(Op *op, const Scope &scope);
  Dims ParseInts();
  int NewValue(const TensorType &type);
  void CheckTypes(const Op &op, const std::vector<TensorType> &given, bool arrow);
  void Finish(Op *op, const std::vector<std::pair<std::string, int>> &names, Scope *scope);

  Lexer lexer_;
  Module module_;
  std::vector<TensorType> value_types_;
};

}  // namespace fake
