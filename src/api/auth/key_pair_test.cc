#include "api/auth/key_pair.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

namespace lamplighter::api {
namespace {

using testing::HasSubstr;

/// A state directory of its own for each test, gone afterwards.
class KeyPairTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "lamplighter-key-XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    root_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(root_); }

  [[nodiscard]] std::filesystem::path state_dir() const { return root_ / "state"; }
  [[nodiscard]] std::filesystem::path key_file() const { return state_dir() / "api-key.json"; }

 private:
  std::filesystem::path root_;
};

unsigned mode_of(const std::filesystem::path& path) {
  struct stat info {};
  EXPECT_EQ(::stat(path.c_str(), &info), 0);
  return static_cast<unsigned>(info.st_mode) & 0777U;
}

TEST_F(KeyPairTest, IsMadeOnceAndForItsOwnerOnly) {
  const auto first = load_or_make_key_pair(state_dir());
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(mode_of(key_file()), 0600U);
  EXPECT_EQ(mode_of(state_dir()), 0700U);
  EXPECT_EQ(first->access_key_id.size(), 20U);
  EXPECT_EQ(first->secret_access_key.size(), 40U);
  const auto second = load_or_make_key_pair(state_dir());
  ASSERT_TRUE(second);
  EXPECT_EQ(second->access_key_id, first->access_key_id);
  EXPECT_EQ(second->secret_access_key, first->secret_access_key);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(state_dir()), {}), 1)
      << "no drafts stay behind";
}

TEST_F(KeyPairTest, DiffersFromDirectoryToDirectory) {
  const auto one = load_or_make_key_pair(state_dir());
  const auto other = load_or_make_key_pair(state_dir() / "other");
  ASSERT_TRUE(one && other);
  EXPECT_NE(one->access_key_id, other->access_key_id);
  EXPECT_NE(one->secret_access_key, other->secret_access_key);
}

TEST_F(KeyPairTest, APipeInItsPlaceIsNotWaitedFor) {
  std::filesystem::create_directories(state_dir());
  ASSERT_EQ(::mkfifo(key_file().c_str(), 0600), 0);
  const auto read = load_or_make_key_pair(state_dir());
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message, HasSubstr("no file"));
}

TEST_F(KeyPairTest, IsRefusedWhereOthersMayReadIt) {
  ASSERT_TRUE(load_or_make_key_pair(state_dir()));
  ASSERT_EQ(::chmod(key_file().c_str(), 0640), 0);
  const auto keys = load_or_make_key_pair(state_dir());
  ASSERT_FALSE(keys);
  EXPECT_EQ(keys.error().code, "UnsafeKeyFile");
  EXPECT_THAT(keys.error().message, HasSubstr("found mode 0640, expected 0600"));
}

TEST_F(KeyPairTest, ADamagedFileIsNamedNotOverwritten) {
  ASSERT_TRUE(load_or_make_key_pair(state_dir()));
  std::ofstream(key_file(), std::ios::trunc) << "{}";
  const auto keys = load_or_make_key_pair(state_dir());
  ASSERT_FALSE(keys);
  EXPECT_EQ(keys.error().code, "InvalidKeyFile");
  EXPECT_THAT(keys.error().message, HasSubstr(key_file().string()));
  EXPECT_EQ(std::filesystem::file_size(key_file()), 2U);
}

TEST(CredentialProcess, HasTheFormThatTheSdksRead) {
  EXPECT_EQ(json_text(credential_process_form({"A", "S"})),
            R"({"Version":1,"AccessKeyId":"A","SecretAccessKey":"S"})");
}

}  // namespace
}  // namespace lamplighter::api
