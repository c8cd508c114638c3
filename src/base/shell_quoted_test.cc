#include "base/shell_quoted.h"

#include <cstdio>

#include <gtest/gtest.h>

namespace lamplighter {
namespace {

/// What a shell makes of `text` once it is quoted.
std::string read_back(const std::string& text) {
  std::FILE* shell = popen(("printf %s " + shell_quoted(text)).c_str(), "r");
  std::string out;
  for (int c = 0; (c = std::fgetc(shell)) != EOF;) out += static_cast<char>(c);
  pclose(shell);
  return out;
}

TEST(ShellQuoted, PlainWordsStayAsTheyAre) {
  for (const std::string text : {"dev", "fleet.yaml", "http://127.0.0.1:4566", "arn:aws:iam::1:role/a+b@c"}) {
    EXPECT_EQ(shell_quoted(text), text);
  }
}

TEST(ShellQuoted, AShellReadsBackWhatItWas) {
  for (const std::string text : {"", "a b", "it's $HOME", "~/x", "*", "a\nb", "`id`;\"\\", "#x", "grün"}) {
    EXPECT_EQ(read_back(text), text);
  }
}

}  // namespace
}  // namespace lamplighter
