#include "base/cut.h"

#include <gtest/gtest.h>

#include "base/utf8.h"

namespace lamplighter {
namespace {

TEST(CutMiddle, LeavesWhatFits) {
  EXPECT_EQ(cut_middle("UnauthorizedOperation", 21), "UnauthorizedOperation");
}

TEST(CutMiddle, KeepsBeginningAndEnd) { EXPECT_EQ(cut_middle("0123456789abcdef", 13), "012345…cdef"); }

TEST(CutMiddle, CutsNoCharacterApart) {
  std::string text;
  for (int i = 0; i < 50; ++i) text += "äöü→";
  for (std::size_t bytes = 3; bytes < 100; ++bytes) {
    const std::string cut = cut_middle(text, bytes);
    EXPECT_LE(cut.size(), bytes);
    EXPECT_EQ(valid_utf8_prefix(cut), cut.size());
  }
}

}  // namespace
}  // namespace lamplighter
