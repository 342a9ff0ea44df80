// Tokens of MLIR text.
#pragma once

#include <string>
#include <string_view>

namespace fake {

struct Token {
  enum class Kind {
    kEnd,
    kValue,
    kSymbol,
    kBlock,
    kWord,
    kNumber,
    kString,
    kPunct,
    kArrow
  } kind = Kind::kEnd;
  // Without the %, @ or ^ in front and without quotes.
  std::string text;
  int line = 1;
  bool Is(std::string_view wanted) const {
    return text == wanted && kind != Kind::kString && kind != Kind::kEnd;
  }
};

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) { Advance(); }
  const Token &Peek() const { return token_; }
  Token Next();
  // The raw text up to the bracket that closes the one just taken.
  std::string TakeRaw(char open, char close);
  bool Accept(std::string_view text);
  void Expect(std::string_view text);
  // Skips a balanced group whose opening bracket is next.
  void SkipGroup();
  [[noreturn]] void Fail(const std::string &what) const;

 private:
  void Advance();
  void SkipBlanks();
  void TakeWhile(bool (*wanted)(char));

  std::string_view text_;
  size_t position_ = 0;
  int line_ = 1;
  Token token_;
  // Where the token in hand began, so that raw text can start right behind it.
  size_t token_end_ = 0;
};

}  // namespace fake
