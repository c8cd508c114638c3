#include "api/health/metrics_text.h"

#include <gtest/gtest.h>

namespace lamplighter::api {
namespace {

TEST(MetricsText, HasHelpAndTypeBeforeAFamilysSamples) {
  MetricsText text;
  text.family("lamplighter_a_total", "counter", "How many a.");
  text.sample(0);
  text.sample(12'345'678, {{"fleet", "f"}, {"outcome", "missed"}});
  text.family("lamplighter_b_timestamp_seconds", "gauge", "When.");
  text.sample(*parse_time("2026-11-27T06:00:00.250Z"));
  EXPECT_EQ(text.text(),
            "# HELP lamplighter_a_total How many a.\n# TYPE lamplighter_a_total counter\n"
            "lamplighter_a_total 0\nlamplighter_a_total{fleet=\"f\",outcome=\"missed\"} 12345678\n"
            "# HELP lamplighter_b_timestamp_seconds When.\n# TYPE lamplighter_b_timestamp_seconds gauge\n"
            "lamplighter_b_timestamp_seconds 1795759200.25\n");
}

TEST(MetricsText, EscapesWhatAValueMayHold) {
  MetricsText text;
  text.family("a", "gauge", "back\\slash\nline");
  text.sample(1, {{"b", "say \"hi\" \\ \n}\xff"}});
  EXPECT_EQ(text.text(),
            "# HELP a back\\\\slash\\nline\n# TYPE a gauge\na{b=\"say \\\"hi\\\" \\\\ \\n}\uFFFD\"} 1\n");
}

TEST(MetricsText, AHistogramEndsWithInfinitySumAndCount) {
  MetricsText text;
  text.family("h", "histogram", "H.");
  text.histogram({{60, 1}, {0.5, 2}}, 3, 99.5, {{"x", "y"}});
  EXPECT_EQ(text.text(),
            "# HELP h H.\n# TYPE h histogram\nh_bucket{x=\"y\",le=\"60\"} 1\nh_bucket{x=\"y\",le=\"0.5\"} 2\n"
            "h_bucket{x=\"y\",le=\"+Inf\"} 3\nh_sum{x=\"y\"} 99.5\nh_count{x=\"y\"} 3\n");
}

}  // namespace
}  // namespace lamplighter::api
