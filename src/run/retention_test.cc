#include "run/retention.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamplighter::run {
namespace {

using ::testing::HasSubstr;

TEST(Retention, IsReadAsPeopleSayIt) {
  EXPECT_FALSE(retention_of("", "")->has_value());
  EXPECT_EQ(**retention_of("", "500MiB"), (engine::Retention{.bytes = std::uint64_t{500} << 20}));
  EXPECT_EQ(**retention_of("365d", "2GiB"),
            (engine::Retention{.age = std::chrono::hours{24 * 365}, .bytes = std::uint64_t{2} << 30}));
}

TEST(Retention, NonsenseIsNamed) {
  for (const auto* age : {"0", "59m", "3651d", "x", "-1d", "90"}) {
    const auto read = retention_of(age, "");
    ASSERT_FALSE(read) << age;
    EXPECT_THAT(read.error().message, HasSubstr(std::string("found --keep-executions ") + age));
  }
  for (const auto* size :
       {"1", "1GB", "0MiB", "-1GiB", "99999999999GiB", "18446744073709551616MiB", "GiB", "1 GiB"}) {
    const auto read = retention_of("", size);
    ASSERT_FALSE(read) << size;
    EXPECT_THAT(read.error().message, HasSubstr(std::string("found --keep-size ") + size));
  }
}

}  // namespace
}  // namespace lamplighter::run
