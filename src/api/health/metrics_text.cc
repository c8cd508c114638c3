#include "api/health/metrics_text.h"

#include <fmt/format.h>

#include "base/utf8.h"

namespace lamplighter::api {
namespace {

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

std::string escaped(std::string_view text, bool in_quotes) {
  std::string out = mend_utf8(text);
  replace_all(out, "\\", "\\\\");
  replace_all(out, "\n", "\\n");
  if (in_quotes) replace_all(out, "\"", "\\\"");
  return out;
}

}  // namespace

void MetricsText::family(std::string_view name, std::string_view type, std::string_view help) {
  name_ = name;
  text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, escaped(help, false), name, type);
}

void MetricsText::sample(double value, const MetricLabels& labels) { line("", labels, value); }

void MetricsText::sample(Time time, const MetricLabels& labels) {
  line("", labels, static_cast<double>(time.time_since_epoch().count()) / 1'000);
}

void MetricsText::histogram(const std::vector<std::pair<double, std::uint64_t>>& at_most, std::uint64_t count,
                            double sum, const MetricLabels& labels) {
  MetricLabels with_bound = labels;
  auto& bound = with_bound.emplace_back("le", "").second;
  for (const auto& [most, so_many] : at_most) {
    bound = fmt::format("{}", most);
    line("_bucket", with_bound, static_cast<double>(so_many));
  }
  bound = "+Inf";
  line("_bucket", with_bound, static_cast<double>(count));
  line("_sum", labels, sum);
  line("_count", labels, static_cast<double>(count));
}

void MetricsText::line(std::string_view suffix, const MetricLabels& labels, double value) {
  text_ += name_;
  text_ += suffix;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    text_ += fmt::format("{}{}=\"{}\"", i == 0 ? "{" : ",", labels[i].first, escaped(labels[i].second, true));
  }
  text_ += fmt::format("{} {}\n", labels.empty() ? "" : "}", value);
}

}  // namespace lamplighter::api
