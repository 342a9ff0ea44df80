#include "lexer.hpp"

#include <cctype>

#include "program.hpp"

namespace fake {
namespace {

bool IsWordCharacter(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '$';
}
bool IsValueCharacter(char c) { return IsWordCharacter(c) || c == '#' || c == '-'; }
bool IsNumberCharacter(char c) { return IsWordCharacter(c) || c == '+'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

void Lexer::Fail(const std::string &what) const {
  std::string found = token_.kind == Token::Kind::kEnd ? "the end of the program" : "'" + token_.text + "'";
  throw ProgramError(PJRT_Error_Code_UNKNOWN, Text("line ", token_.line, ": ", what, " (at ", found, ")"));
}

void Lexer::SkipBlanks() {
  while (position_ < text_.size()) {
    char c = text_[position_];
    if (c == '\n') {
      ++line_;
    } else if (c == '/' && text_.substr(position_, 2) == "//") {
      position_ = std::min(text_.find('\n', position_), text_.size());
      continue;
    } else if (c != ' ' && c != '\t' && c != '\r') {
      return;
    }
    ++position_;
  }
}

void Lexer::TakeWhile(bool (*wanted)(char)) {
  size_t start = position_;
  while (position_ < text_.size() && wanted(text_[position_])) ++position_;
  token_.text.append(text_.substr(start, position_ - start));
}

void Lexer::Advance() {
  SkipBlanks();
  token_ = Token{Token::Kind::kEnd, "", line_};
  if (position_ == text_.size()) return;
  char c = text_[position_];
  char after = position_ + 1 < text_.size() ? text_[position_ + 1] : '\0';
  if (c == '%' || c == '@' || c == '^') {
    ++position_;
    token_.kind = c == '%' ? Token::Kind::kValue : c == '@' ? Token::Kind::kSymbol : Token::Kind::kBlock;
    TakeWhile(c == '%' ? IsValueCharacter : IsWordCharacter);
    if (token_.text.empty()) Fail("a name is missing");
  } else if (c == '-' && after == '>') {
    position_ += 2;
    token_.kind = Token::Kind::kArrow;
    token_.text = "->";
  } else if (IsDigit(c) || (c == '-' && IsDigit(after))) {
    ++position_;
    token_.kind = Token::Kind::kNumber;
    token_.text = c;
    TakeWhile(IsNumberCharacter);
  } else if (IsWordCharacter(c)) {
    token_.kind = Token::Kind::kWord;
    TakeWhile(IsWordCharacter);
  } else if (c == '"') {
    token_.kind = Token::Kind::kString;
    size_t end = ++position_;
    while (end < text_.size() && text_[end] != '"') end += text_[end] == '\\' ? 2 : 1;
    if (end >= text_.size()) Fail("a string does not end");
    token_.text = text_.substr(position_, end - position_);
    position_ = end + 1;
  } else if (std::string_view("()[]{}<>,:=#!*?+-/|").find(c) != std::string_view::npos) {
    ++position_;
    token_.kind = Token::Kind::kPunct;
    token_.text = c;
  } else {
    token_.text = "\\" + std::to_string(static_cast<unsigned char>(c));
    token_.kind = Token::Kind::kPunct;
    Fail("unexpected character");
  }
  token_end_ = position_;
}

Token Lexer::Next() {
  Token token = token_;
  Advance();
  return token;
}

std::string Lexer::TakeRaw(char open, char close) {
  if (!token_.Is(std::string_view(&open, 1))) Fail(Text("expected '", open, "'"));
  size_t start = token_end_;
  int depth = 1;
  bool quoted = false;
  for (size_t at = start; at < text_.size(); ++at) {
    if (text_[at] == '"') quoted = !quoted;
    if (quoted) continue;
    if (text_[at] == open) ++depth;
    if (text_[at] != close || --depth > 0) continue;
    std::string raw(text_.substr(start, at - start));
    for (char c : raw) line_ += c == '\n';
    position_ = at + 1;
    Advance();
    return raw;
  }
  Fail(Text("'", open, "' is never closed"));
}

bool Lexer::Accept(std::string_view text) {
  if (!token_.Is(text)) return false;
  Advance();
  return true;
}

void Lexer::Expect(std::string_view text) {
  if (!Accept(text)) Fail(Text("expected '", text, "'"));
}

void Lexer::SkipGroup() {
  int depth = 0;
  do {
    if (token_.kind == Token::Kind::kEnd) Fail("a bracket is never closed");
    bool bracket = token_.kind == Token::Kind::kPunct && token_.text.size() == 1;
    if (bracket && std::string_view("([{<").find(token_.text[0]) != std::string_view::npos) ++depth;
    if (bracket && std::string_view(")]}>").find(token_.text[0]) != std::string_view::npos) --depth;
    Advance();
  } while (depth > 0);
}

}  // namespace fake
