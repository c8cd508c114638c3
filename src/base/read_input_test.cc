#include "base/read_input.h"

#include <filesystem>
#include <fstream>
#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lamplighter {
namespace {

using testing::HasSubstr;

class ReadInput : public testing::Test {
 protected:
  ReadInput() : folder_(testing::TempDir() + "/read_input_" + std::to_string(::getpid())) {
    std::filesystem::create_directory(folder_);
  }
  ~ReadInput() override { std::filesystem::remove_all(folder_); }
  [[nodiscard]] std::string path(const std::string& name) const { return folder_ + "/" + name; }

 private:
  std::string folder_;
};

TEST_F(ReadInput, GivesAFilesBytesUpToTheLimit) {
  std::ofstream(path("file")) << std::string(100'000, 'x') << "end";
  EXPECT_EQ(read_file(path("file"), 1'000'000)->value().size(), 100'003U);
  EXPECT_EQ(read_file(path("file"), 50'000)->value().size(), 50'000U);
}

TEST_F(ReadInput, SaysWhyItCannot) {
  EXPECT_FALSE(read_file(path("missing"), 10)->has_value());
  EXPECT_EQ(read_input(path("missing"), 10).error().code, "UnreadableFile");
  const auto folder = read_file(path("."), 10);
  ASSERT_FALSE(folder);
  EXPECT_THAT(folder.error().message, HasSubstr("directory"));
}

TEST_F(ReadInput, APipeThatNobodyWritesToIsEmpty) {
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  EXPECT_EQ(read_file(path("pipe"), 10)->value(), "");
}

TEST_F(ReadInput, ReadsWhatComesThroughAPipe) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_NONBLOCK), 0);
  std::thread writer([&] {
    for (const auto* part : {"one ", "two"}) EXPECT_GT(::write(ends[1], part, 3), 0);
    ::close(ends[1]);
  });
  EXPECT_EQ(*read_descriptor(ends[0], 100, SteadyTime::max()), "onetwo");
  writer.join();
  ::close(ends[0]);
}

TEST_F(ReadInput, DoesNotWaitForEver) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_NONBLOCK), 0);
  const auto soon = std::chrono::steady_clock::now() + std::chrono::milliseconds(20);
  EXPECT_EQ(read_descriptor(ends[0], 100, soon).error().code, "UnreadableFile");
  ::close(ends[0]);
  ::close(ends[1]);
}

}  // namespace
}  // namespace lamplighter
