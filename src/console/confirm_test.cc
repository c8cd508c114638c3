#include "console/confirm.h"

#include <gtest/gtest.h>

namespace lamplighter::console {
namespace {

TEST(Confirm, NamesServersAccountAndProfile) {
  run::Overview overview{{"dev (us-east-1)"}, {"123456789012"}, "profile ops", 1, false};
  EXPECT_EQ(stop_question(overview),
            "Stop 1 server of dev (us-east-1) in account 123456789012 (profile ops)?");
}

TEST(Confirm, SaysWhatIsNotKnown) {
  run::Overview overview{
      {"dev (us-east-1)", "test (eu-west-1)"}, {"123456789012", "unknown"}, "profile ops", 3, true};
  EXPECT_EQ(stop_question(overview),
            "Stop at least 3 servers of dev (us-east-1), test (eu-west-1) in accounts 123456789012, unknown "
            "(profile ops)?");
}

TEST(Confirm, NamesWhoCarriesItOutWhereThatIsAnother) {
  const run::Overview overview{{"dev (us-east-1)"}, {}, "lamplighter serve (process 7)", 0, false};
  EXPECT_EQ(stop_question(overview), "Stop dev (us-east-1) by way of lamplighter serve (process 7)?");
}

TEST(Confirm, WhatComesFromOutsideIsText) {
  const run::Overview overview{{"dev"}, {"1\033[2J\n2"}, "profile a\nb", 2, false};
  EXPECT_EQ(stop_question(overview).find_first_of("\033\n"), std::string::npos);
}

}  // namespace
}  // namespace lamplighter::console
