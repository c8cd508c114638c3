#include "base/hash.h"

#include <gtest/gtest.h>

namespace lamplighter {
namespace {

// The examples of FIPS 180 and RFC 4231.
TEST(Hash, KnowsTheStandardsExamples) {
  EXPECT_EQ(to_hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(sha1("abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Hash, KnowsAlgorithmsByTheirNames) {
  EXPECT_EQ(to_hex(digest("MD5", "abc").value()), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(digest("SHA-256", "abc"), sha256("abc"));
  EXPECT_EQ(digest("SHA-384", "")->size(), 48U);
  EXPECT_EQ(digest("SHA-512", "")->size(), 64U);
  EXPECT_FALSE(digest("sha256", "abc"));
}

// The examples of the algorithm's authors (http://www.isthe.com/chongo/tech/comp/fnv).
TEST(Hash, SpreadsByFnv1a) {
  EXPECT_EQ(fnv1a(""), 0x811c9dc5U);
  EXPECT_EQ(fnv1a("foobar"), 0xbf9cf968U);
}

}  // namespace
}  // namespace lamplighter
