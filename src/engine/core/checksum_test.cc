#include "engine/core/checksum.h"

#include <string>

#include <boost/crc.hpp>
#include <gtest/gtest.h>

namespace lamplighter::engine {
namespace {

TEST(Checksum, IsTheKnownOne) {
  EXPECT_EQ(crc32("123456789"), 0xCBF43926U);
  EXPECT_EQ(crc32(""), 0U);
}

TEST(Checksum, IsWhatEarlierVersionsWrote) {
  std::string text;
  for (int i = 0; i < 300; ++i) {
    boost::crc_32_type before;
    before.process_bytes(text.data(), text.size());
    EXPECT_EQ(crc32(text), before.checksum()) << i;
    text += static_cast<char>(i * 37);
  }
}

}  // namespace
}  // namespace lamplighter::engine
