#include "base/uuid.h"

#include <regex>
#include <set>

#include <gtest/gtest.h>

namespace lamplighter {
namespace {

TEST(Uuid, HasItsVersionAndVariantWhateverTheBitsAre) {
  EXPECT_EQ(make_uuid(0, 0), "00000000-0000-4000-8000-000000000000");
  EXPECT_EQ(make_uuid(~std::uint64_t{0}, ~std::uint64_t{0}), "ffffffff-ffff-4fff-bfff-ffffffffffff");
  EXPECT_EQ(make_uuid(0x0123456789abcdef, 0xfedcba9876543210), "01234567-89ab-4def-bedc-ba9876543210");
}

TEST(Uuid, IsNeverTheSame) {
  const std::regex form("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  std::set<std::string> seen;
  for (int i = 0; i < 1'000; ++i) {
    const auto uuid = make_uuid();
    ASSERT_TRUE(std::regex_match(uuid, form)) << uuid;
    ASSERT_TRUE(seen.insert(uuid).second);
  }
}

}  // namespace
}  // namespace lamplighter
