#include "tasks/alarm_rule.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace lamplighter::tasks {
namespace {

constexpr std::size_t kLongestRule = 20'480;  // twice what CloudWatch takes
constexpr int kDeepest = 100;
constexpr std::string_view kSpace = " \t\r\n";

bool is_state(std::string_view word) {
  return word == "ALARM" || word == "OK" || word == "INSUFFICIENT_DATA";
}

/// One reading of one rule, from its beginning to its end.
class RuleReader {
 public:
  explicit RuleReader(std::string_view rule) : rule_(rule) {}

  Result<std::vector<std::string>> read() {
    CHECK_OK(expression(0));
    skip_space();
    if (at_ != rule_.size()) return unexpected("the rule's end");
    return std::move(alarms_);
  }

 private:
  [[nodiscard]] tl::unexpected<Error> unexpected(std::string_view expected) const {
    return fail(ErrorKind::bad_input, "InvalidAlarmRule",
                fmt::format("found \"{}\" at character {} of an alarm's rule, expected {}",
                            rule_.substr(at_, 20), at_ + 1, expected));
  }

  void skip_space() { at_ = std::min(rule_.find_first_not_of(kSpace, at_), rule_.size()); }

  bool take(char c) {
    skip_space();
    if (at_ == rule_.size() || rule_[at_] != c) return false;
    ++at_;
    return true;
  }

  Status expect(char c) {
    if (take(c)) return {};
    return unexpected(std::string_view(&c, 1));
  }

  /// The word that comes, in capitals; "" where none does.
  std::string word() {
    skip_space();
    std::string text;
    for (auto at = at_; at < rule_.size(); ++at) {
      const auto c = static_cast<unsigned char>(rule_[at]);
      if (std::isalpha(c) == 0 && c != '_') break;
      text += static_cast<char>(std::toupper(c));
    }
    return text;
  }

  bool take_word(std::string_view wanted) {
    if (word() != wanted) return false;
    at_ += wanted.size();
    return true;
  }

  // AND, OR and NOT change nothing about which alarms are asked for, so that no order among them is kept.
  Status expression(int depth) {
    do {
      CHECK_OK(operand(depth));
    } while (take_word("AND") || take_word("OR"));
    return {};
  }

  Status operand(int depth) {
    if (depth > kDeepest) return unexpected("less depth");
    while (take_word("NOT")) {
    }
    if (take('(')) {
      CHECK_OK(expression(depth + 1));
      return expect(')');
    }
    const auto function = word();
    at_ += function.size();
    if (function == "TRUE" || function == "FALSE") return {};
    if (function == "AT_LEAST") return at_least();
    if (!is_state(function)) {
      at_ -= function.size();
      return unexpected("ALARM, OK, INSUFFICIENT_DATA, AT_LEAST, TRUE, FALSE, NOT or a parenthesis");
    }
    CHECK_OK(expect('('));
    CHECK_OK(alarm());
    return expect(')');
  }

  /// AT_LEAST(2, ALARM, (a, b)), AT_LEAST(50%, NOT OK, (a, b)).
  Status at_least() {
    CHECK_OK(expect('('));
    at_ = std::min(rule_.find(',', at_), rule_.size());
    CHECK_OK(expect(','));
    take_word("NOT");
    const auto state = word();
    if (!is_state(state)) return unexpected("ALARM, OK or INSUFFICIENT_DATA");
    at_ += state.size();
    CHECK_OK(expect(','));
    CHECK_OK(expect('('));
    do {
      CHECK_OK(alarm());
    } while (take(','));
    CHECK_OK(expect(')'));
    return expect(')');
  }

  Status alarm() {
    const bool quoted = take('"');
    std::string name;
    while (at_ < rule_.size() && rule_[at_] != (quoted ? '"' : ')') && (quoted || rule_[at_] != ',')) {
      if (quoted && rule_[at_] == '\\' && at_ + 1 < rule_.size()) ++at_;
      name += rule_[at_++];
    }
    if (quoted) CHECK_OK(expect('"'));
    if (!quoted) name.erase(name.find_last_not_of(kSpace) + 1);
    if (name.empty()) return unexpected("an alarm's name or ARN");
    if (std::find(alarms_.begin(), alarms_.end(), name) == alarms_.end()) alarms_.push_back(std::move(name));
    return {};
  }

  std::string_view rule_;
  std::size_t at_ = 0;
  std::vector<std::string> alarms_;
};

}  // namespace

Result<std::vector<std::string>> alarms_in_rule(std::string_view rule) {
  if (rule.size() > kLongestRule) {
    return fail(
        ErrorKind::bad_input, "InvalidAlarmRule",
        fmt::format("an alarm's rule has {} characters, expected at most {}", rule.size(), kLongestRule));
  }
  return RuleReader(rule).read();
}

}  // namespace lamplighter::tasks
