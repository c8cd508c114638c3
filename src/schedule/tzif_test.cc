#include "schedule/tzif.h"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "base/read_input.h"

namespace lamplighter::schedule {
namespace {

using namespace std::chrono;
using testing::HasSubstr;

std::string number(std::uint64_t value, int bytes) {
  std::string text;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) text += static_cast<char>(value >> shift);
  return text;
}

/// A block of one change, from UTC to `offset`, at `at`, with its header.
std::string block(char version, int time_size, std::int64_t at, std::int32_t offset, int leap_seconds = 0) {
  std::string text = "TZif";
  text += version;
  text += std::string(15, '\0');
  for (const int count : {0, 0, leap_seconds, 1, 2, 4}) text += number(static_cast<std::uint64_t>(count), 4);
  text += number(static_cast<std::uint64_t>(at), time_size) + '\1';
  text += number(0, 6) + number(static_cast<std::uint32_t>(offset), 4) + number(0, 2);
  return text + std::string("UTC\0", 4) +
         std::string(static_cast<std::size_t>(leap_seconds * (time_size + 4)), '\0');
}

std::string system_file(const std::string& name) {
  return read_input("/usr/share/zoneinfo/" + name, 1U << 20U).value();
}

/// What must hold of any zone: to_utc() gives the first moment at which the clock shows a time.
void expect_sane(const Zone& zone, Random& random) {
  for (int i = 0; i < 20; ++i) {
    const sys_seconds time = sys_days(2020y / 1 / 1) + seconds(random.below(400'000'000));
    const auto local = zone.to_local(time);
    const auto back = zone.to_utc(local);
    ASSERT_TRUE(back.has_value());
    ASSERT_LE(*back, time);
    ASSERT_EQ(zone.to_local(*back), local);
  }
}

TEST(Tzif, VersionOneHasNoRule) {
  const auto zone = read_tzif(block('\0', 4, 1'000'000'000, -3600)).value();
  EXPECT_EQ(zone.to_local(sys_seconds(999'999'999s)), local_seconds(999'999'999s));
  EXPECT_EQ(zone.to_local(sys_seconds(1'000'000'000s)), local_seconds(999'996'400s));
  EXPECT_EQ(zone.to_local(sys_days(2199y / 1 / 1)), local_days(2199y / 1 / 1) - 1h);
}

TEST(Tzif, LaterVersionsGoByTheirSecondBlockAndTheirRule) {
  for (const char version : {'2', '3', '4'}) {
    const auto zone = read_tzif(block(version, 4, 7, -7200) + block(version, 8, 4'000'000'000, 3600) +
                                "\nCET-1CEST,M3.5.0,M10.5.0/3\n")
                          .value();
    EXPECT_EQ(zone.to_local(sys_seconds(8s)), local_seconds(8s)) << "not by the first block";
    EXPECT_EQ(zone.to_local(sys_days(2199y / 1 / 1)), local_days(2199y / 1 / 1) + 1h);
    EXPECT_EQ(zone.to_local(sys_days(2199y / 7 / 1)), local_days(2199y / 7 / 1) + 2h);
  }
}

TEST(Tzif, ARuleMayBeMissing) {
  const auto zone = read_tzif(block('2', 4, 7, 0) + block('2', 8, 7, 3600) + "\n\n").value();
  EXPECT_EQ(zone.to_local(sys_days(2199y / 7 / 1)), local_days(2199y / 7 / 1) + 1h);
}

TEST(Tzif, SaysWhatIsWrong) {
  const auto error = [](const std::string& bytes) {
    const auto zone = read_tzif(bytes);
    return zone ? "nothing" : zone.error().message;
  };
  EXPECT_THAT(error(""), HasSubstr("cut off"));
  EXPECT_THAT(error("# version 2026f\n"), HasSubstr("no TZif file"));
  EXPECT_THAT(error(block('x', 4, 7, 0)), HasSubstr("version"));
  EXPECT_THAT(error(block('\0', 4, 7, 93'601)), HasSubstr("26 hours"));
  EXPECT_THAT(error(block('\0', 4, 7, 0, 1)), HasSubstr("leap seconds"));
  EXPECT_THAT(error(block('2', 4, 7, 0) + block('2', 8, 7, 0) + "\nCET\n"), HasSubstr("rule of a time zone"));
  EXPECT_THAT(error(block('2', 4, 7, 0) + block('2', 8, 7, 0) + "CET-1\n"), HasSubstr("no rule"));
  std::string many = block('\0', 4, 7, 0);
  many.replace(32, 4, "\xff\xff\xff\xff");  // changes
  EXPECT_THAT(error(many), HasSubstr("cut off"));
  std::string other = block('\0', 4, 7, 0);
  other[48] = '\2';  // the change's offset
  EXPECT_THAT(error(other), HasSubstr("doesn't have"));
}

/// Morocco lists changes until 2087, Greenland's rule has a negative time, Tokyo has no summer.
constexpr std::array<const char*, 3> kFiles{"Africa/Casablanca", "America/Nuuk", "Asia/Tokyo"};

TEST(Tzif, EveryFileThatIsCutOffIsRefused) {
  for (const char* name : kFiles) {
    const std::string file = system_file(name);
    ASSERT_TRUE(read_tzif(file).has_value()) << name;
    for (std::size_t size = 0; size < file.size(); ++size)
      ASSERT_FALSE(read_tzif(file.substr(0, size)).has_value()) << name << " of " << size << " bytes";
  }
}

TEST(Tzif, AFlippedBitDoesNoHarm) {
  Random random(1);
  for (const char* name : kFiles) {
    std::string file = system_file(name);
    for (std::size_t bit = 0; bit < file.size() * 8; ++bit) {
      const auto mask = static_cast<char>(1U << (bit % 8));
      file[bit / 8] = static_cast<char>(file[bit / 8] ^ mask);
      if (const auto zone = read_tzif(file)) expect_sane(*zone, random);
      file[bit / 8] = static_cast<char>(file[bit / 8] ^ mask);
    }
  }
}

}  // namespace
}  // namespace lamplighter::schedule
