#include "base/lazy_library.h"

#include <cmath>

#include <gtest/gtest.h>

namespace lamplighter {
namespace {

TEST(LazyLibrary, IsCalledAsIfItWereLinked) {
  const LazyLibrary library("libm.so.6");
  double (*const root)(double) = library.function("sqrt");
  EXPECT_EQ(root(9), 3);
}

TEST(LazyLibraryDeathTest, SaysWhatIsMissingAsTheLoaderDoes) {
  EXPECT_EXIT(LazyLibrary("libnone.so.9"), testing::ExitedWithCode(127),
              "loading shared libraries: libnone.so.9");
  EXPECT_EXIT(static_cast<void>(LazyLibrary("libm.so.6").function("none")), testing::ExitedWithCode(127),
              "none");
}

}  // namespace
}  // namespace lamplighter
