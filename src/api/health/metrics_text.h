// Prometheus' text format, version 0.0.4: families of samples, each with its help and its type.
// https://prometheus.io/docs/instrumenting/exposition_formats/
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace lamplighter::api {

/// Names and values; values may hold anything.
using MetricLabels = std::vector<std::pair<std::string_view, std::string>>;

class MetricsText {
 public:
  /// Begins a family; its samples follow. `type`: "counter", "gauge", "histogram".
  void family(std::string_view name, std::string_view type, std::string_view help);
  void sample(double value, const MetricLabels& labels = {});
  /// In seconds since 1970, as Prometheus has moments.
  void sample(Time time, const MetricLabels& labels = {});
  /// Of a histogram: how many lie at or below each bound, of `count` whose sum is `sum`.
  void histogram(const std::vector<std::pair<double, std::uint64_t>>& at_most, std::uint64_t count,
                 double sum, const MetricLabels& labels);

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  void line(std::string_view suffix, const MetricLabels& labels, double value);

  std::string name_;
  std::string text_;
};

inline constexpr std::string_view kMetricsContentType = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace lamplighter::api
