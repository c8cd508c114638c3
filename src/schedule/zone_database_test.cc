#include "schedule/zone_database.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

namespace lamplighter::schedule {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

const fs::path kSystem = "/usr/share/zoneinfo";

/// A directory of its own, and a clock that the test moves.
class ZoneDatabaseTest : public testing::Test {
 protected:
  ZoneDatabaseTest() {
    std::string made = (fs::temp_directory_path() / "lamplighter-zones-XXXXXX").string();
    directory_ = mkdtemp(made.data());
    zones_.emplace(directory_.string(), clock_);
  }
  ~ZoneDatabaseTest() override { fs::remove_all(directory_); }

  /// As dpkg does it: the new file under another name, then in the old one's place.
  void put(const std::string& name, const std::string& like) {
    fs::create_directories((directory_ / name).parent_path());
    fs::copy_file(kSystem / like, directory_ / "new");
    fs::rename(directory_ / "new", directory_ / name);
  }
  /// The zone's hours ahead of UTC in summer; nothing where there is no such zone.
  std::optional<long> ahead(const std::string& name) {
    const auto zone = zones_->find(name);
    if (!zone) return std::nullopt;
    const std::chrono::sys_seconds july = std::chrono::sys_days(std::chrono::year(2027) / 7 / 1);
    return (zone->to_local(july).time_since_epoch() - july.time_since_epoch()) / 1h;
  }

  fs::path directory_;
  ManualClock clock_;
  std::optional<ZoneDatabase> zones_;
};

TEST_F(ZoneDatabaseTest, AChangeIsTakenOverWithinASecond) {
  put("Europe/Berlin", "Europe/Berlin");
  EXPECT_EQ(ahead("Europe/Berlin"), 2);
  put("Europe/Berlin", "Asia/Tokyo");
  clock_.sleep(ZoneDatabase::kFresh - 1ms);
  EXPECT_EQ(ahead("Europe/Berlin"), 2) << "not looked at before a second has passed";
  clock_.sleep(1ms);
  EXPECT_EQ(ahead("Europe/Berlin"), 9);
}

TEST_F(ZoneDatabaseTest, AClockThatIsSetBackHidesNoChange) {
  put("Europe/Berlin", "Europe/Berlin");
  EXPECT_EQ(ahead("Europe/Berlin"), 2);
  put("Europe/Berlin", "Asia/Tokyo");
  clock_.set_wall_by(-24h);
  clock_.sleep(1s);
  EXPECT_EQ(ahead("Europe/Berlin"), 9);
}

TEST_F(ZoneDatabaseTest, AChangeInPlaceCounts) {
  put("Europe/Berlin", "Europe/Berlin");
  EXPECT_EQ(ahead("Europe/Berlin"), 2);
  fs::copy_file(kSystem / "Asia/Tokyo", directory_ / "Europe/Berlin", fs::copy_options::overwrite_existing);
  clock_.sleep(1s);
  EXPECT_EQ(ahead("Europe/Berlin"), 9);
}

TEST_F(ZoneDatabaseTest, AZoneThatIsGoneOrBrokenStaysWhatItWas) {
  put("Europe/Berlin", "Europe/Berlin");
  EXPECT_EQ(ahead("Europe/Berlin"), 2);
  fs::resize_file(directory_ / "Europe/Berlin", 100);
  clock_.sleep(1s);
  EXPECT_EQ(ahead("Europe/Berlin"), 2);
  fs::remove(directory_ / "Europe/Berlin");
  clock_.sleep(1s);
  EXPECT_EQ(ahead("Europe/Berlin"), 2);
  put("Europe/Berlin", "Asia/Tokyo");
  clock_.sleep(1s);
  EXPECT_EQ(ahead("Europe/Berlin"), 9);
}

TEST_F(ZoneDatabaseTest, AZoneMayComeLater) {
  EXPECT_EQ(ahead("Europe/Berlin"), std::nullopt);
  put("Europe/Berlin", "Europe/Berlin");
  EXPECT_EQ(ahead("Europe/Berlin"), 2);
}

TEST_F(ZoneDatabaseTest, UtcNeedsNoDatabase) {
  EXPECT_EQ(ahead("UTC"), 0);
  EXPECT_THAT(ZoneDatabase("/nowhere", clock_).names(), IsEmpty());
}

TEST_F(ZoneDatabaseTest, NamesStayInTheDirectory) {
  put("outside", "Asia/Tokyo");
  const fs::path inside = directory_ / "inside";
  fs::create_directories(inside);
  ZoneDatabase zones(inside.string(), clock_);
  for (const std::string& name :
       {std::string("../outside"), (directory_ / "outside").string(), std::string("./../outside"),
        std::string("."), std::string(""), std::string("a\0b", 3), std::string(65, 'a')}) {
    EXPECT_EQ(zones.find(name), nullptr) << name;
  }
}

TEST_F(ZoneDatabaseTest, OnlyZonesHaveNames) {
  put("Asia/Tokyo", "Asia/Tokyo");
  put("UTC", "UTC");
  put("posix/Asia/Tokyo", "Asia/Tokyo");
  put("right/Asia/Tokyo", "right/Asia/Tokyo");
  put("posixrules", "Asia/Tokyo");
  put("localtime", "Asia/Tokyo");
  put("Asia/Leap", "right/Asia/Tokyo");
  fs::create_symlink("Tokyo", directory_ / "Asia/Edo");
  std::ofstream(directory_ / "tzdata.zi") << "# version 2026f\n";
  std::ofstream(directory_ / "leapseconds") << "TZif";
  ASSERT_EQ(mkfifo((directory_ / "pipe").c_str(), 0600), 0);
  EXPECT_THAT(zones_->names(), ElementsAre("Asia/Edo", "Asia/Tokyo", "UTC"));
  for (const char* name : {"posix/Asia/Tokyo", "right/Asia/Tokyo", "posixrules", "localtime", "Asia/Leap",
                           "tzdata.zi", "leapseconds", "pipe", "Asia"}) {
    EXPECT_EQ(zones_->find(name), nullptr) << name;
  }
}

}  // namespace
}  // namespace lamplighter::schedule
