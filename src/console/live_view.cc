#include "console/live_view.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/words.h"
#include "console/plain_view.h"
#include "console/words.h"

namespace lamplighter::console {
namespace {

using PhaseStatus = run::PhaseProgress::Status;
using EnvironmentStatus = run::EnvironmentProgress::Status;

constexpr std::size_t kMinCard = 32;
constexpr std::size_t kMaxCard = 48;
constexpr std::size_t kGap = 3;
constexpr std::size_t kBar = 8;
constexpr std::size_t kMaxReasonLines = 4;

class Picture {
 public:
  Picture(const run::RunProgress& run, Time now, const Screen& screen, unsigned tick,
          const std::vector<std::string>& notices)
      : run_(run), now_(run.ended.value_or(now)), screen_(screen), tick_(tick), notices_(notices) {}

  std::vector<Line> draw() {
    std::vector<Line> lines = with_frame(cards());
    if (lines.size() >= screen_.rows) lines = with_frame(rows());
    return lines;
  }

 private:
  std::vector<Line> with_frame(std::vector<Line> middle) {
    std::vector<Line> lines{head(), Line(screen_)};
    for (Line& line : middle) lines.push_back(std::move(line));
    lines.emplace_back(screen_);
    lines.push_back(foot());
    for (const std::string& notice : notices_)
      lines.push_back(Line(screen_).add(notice, Style::yellow, screen_.columns - 1));
    return lines;
  }

  Line head() {
    Line line(screen_);
    const std::string doing_word = run_.action == tasks::Action::start ? "Starting " : "Stopping ";
    line.add(doing_word + run_.fleet, Style::bold, screen_.columns - 1);
    line.add(fmt::format("   {}   {}   {}", elapsed(now_ - run_.started), phases_done(), run_.execution),
             Style::dim, screen_.columns - 1);
    return line;
  }

  /// "3 of 6 phases".
  std::string phases_done() const {
    std::size_t done_ones = 0;
    std::size_t all = 0;
    for (const run::EnvironmentProgress& environment : run_.environments) {
      done_ones += environment.phases_done();
      all += environment.phases.size();
    }
    return fmt::format("{} of {}", done_ones, count_of(all, "phase"));
  }

  Line foot() {
    Line line(screen_);
    const std::size_t width = screen_.columns - 1;
    if (run_.ended)
      return line.add(fmt::format("Ended after {}.", elapsed(now_ - run_.started)), Style::dim, width);
    if (!run_.reporting) return line.add("Ctrl-C stops waiting.", Style::dim, width);
    line.add(wheel() + " Sending the report", Style::yellow, width);
    if (!run_.reporting_trouble.empty())
      line.add(", again after " + run_.reporting_trouble, Style::dim, width);
    return line;
  }

  // Environments side by side.

  std::vector<Line> cards() {
    const std::size_t count = std::max<std::size_t>(1, run_.environments.size());
    const std::size_t fit = std::max<std::size_t>(1, (screen_.columns - 1 + kGap) / (kMinCard + kGap));
    const std::size_t across = std::min(count, fit);
    const std::size_t width = std::min(kMaxCard, (screen_.columns - 1 - kGap * (across - 1)) / across);
    std::vector<Line> lines;
    for (std::size_t first = 0; first < run_.environments.size(); first += across) {
      if (first > 0) lines.emplace_back(screen_);
      add_row(lines, first, std::min(first + across, run_.environments.size()), width);
    }
    return lines;
  }

  void add_row(std::vector<Line>& lines, std::size_t first, std::size_t end, std::size_t width) {
    std::vector<std::vector<Line>> row;
    std::size_t height = 0;
    for (std::size_t i = first; i < end; ++i) {
      row.push_back(card(run_.environments[i], width));
      height = std::max(height, row.back().size());
    }
    for (std::size_t y = 0; y < height; ++y) {
      Line line(screen_);
      for (std::size_t x = 0; x < row.size(); ++x) {
        line.pad(x * (width + kGap));
        if (y < row[x].size()) line.append(row[x][y]);
      }
      lines.push_back(std::move(line));
    }
  }

  std::vector<Line> card(const run::EnvironmentProgress& environment, std::size_t width) {
    std::vector<Line> lines{title(environment, width), rule(environment, width)};
    if (environment.status == EnvironmentStatus::skipped) {
      for (const std::string& part : wrap(environment.reason, width - 2, kMaxReasonLines))
        lines.push_back(Line(screen_).add("  ").add(part, Style::dim, width));
      return lines;
    }
    for (const std::string& part : wrap(before_phases(environment), width - 2, kMaxReasonLines)) {
      lines.push_back(Line(screen_).add("  ").add(part, Style::dim, width));
    }
    std::size_t name_width = 3;
    for (const run::PhaseProgress& phase : environment.phases) {
      name_width = std::max(name_width, std::min<std::size_t>(12, width_of(phase.name)));
    }
    for (const run::PhaseProgress& phase : environment.phases) {
      lines.push_back(phase_line(phase, name_width, width));
      for (Line& line : below(phase, width)) lines.push_back(std::move(line));
    }
    return lines;
  }

  /// What keeps it from beginning, or why it never began.
  static std::string before_phases(const run::EnvironmentProgress& environment) {
    const bool halted = environment.status == EnvironmentStatus::halted;
    return halted && environment.current() == nullptr ? environment.reason : environment.waiting_for;
  }

  Line title(const run::EnvironmentProgress& environment, std::size_t width) {
    const auto [words, style] = verdict(environment);
    Line line(screen_);
    line.add(environment.name, Style::bold, width - std::min(width, words.size() + 1));
    return line.pad(width - std::min(width, words.size())).add(words, style, width);
  }

  Line rule(const run::EnvironmentProgress& environment, std::size_t width) {
    std::string dashes;
    for (std::size_t i = 0; i < width; ++i) dashes += screen_.utf8 ? "─" : "-";
    return Line(screen_).add(dashes,
                             environment.status == EnvironmentStatus::halted ? Style::red : Style::dim);
  }

  std::pair<std::string, Style> verdict(const run::EnvironmentProgress& environment) {
    switch (environment.status) {
      case EnvironmentStatus::ready:
        if (environment.unchanged()) return {std::string(already(run_.action)), Style::green};
        return {fmt::format("{} in {}", done(run_.action),
                            elapsed(environment.ended.value_or(now_) - run_.started)),
                Style::green};
      case EnvironmentStatus::skipped:
        return {"skipped", Style::dim};
      case EnvironmentStatus::halted:
        return {"HALTED", Style::red};
      case EnvironmentStatus::running:
        break;
    }
    return {fmt::format("{}", doing(run_.action)), Style::yellow};
  }

  Line phase_line(const run::PhaseProgress& phase, std::size_t name_width, std::size_t width) {
    const Style style = style_of(phase.status);
    Line line(screen_);
    line.add(glyph(phase.status), style).add(" ");
    line.add(phase.name, phase.status == PhaseStatus::to_come ? Style::dim : Style::plain, 2 + name_width)
        .pad(3 + name_width);
    if (phase.status == PhaseStatus::not_touched) return line.add("not touched", Style::dim, width);
    if (phase.total == 0) return phase.started ? line.add(since(phase), Style::dim, width) : line;
    line.append(bar(phase, style));
    line.add(fmt::format(" {}/{}", phase.ready, phase.total), style, width);
    const std::string time = phase.unchanged ? std::string(already(run_.action)) : since(phase);
    return line.pad(width - std::min(width, time.size())).add(time, Style::dim, width);
  }

  std::vector<Line> below(const run::PhaseProgress& phase, std::size_t width) {
    std::vector<Line> lines;
    const auto add = [&](const std::string& text, Style style, std::size_t max_lines) {
      for (const std::string& part : wrap(text, width - 2, max_lines)) {
        lines.push_back(Line(screen_).add("  ").add(part, style, width));
      }
    };
    for (const std::string& each : phase.left_alone) add(each, Style::dim, 2);
    if (phase.status == PhaseStatus::failed) add(phase.reason, Style::red, kMaxReasonLines);
    if (phase.status == PhaseStatus::working && !phase.waiting_for.empty()) {
      add(phase.waiting_for, Style::dim, 2);
      const Duration left = phase.started ? *phase.started + phase.timeout - now_ : phase.timeout;
      add(fmt::format("fails in {}", elapsed(left)), Style::dim, 1);
    }
    if (phase.status == PhaseStatus::settling && phase.settled_at) {
      add(fmt::format("settling, {} to go", elapsed(*phase.settled_at - now_)), Style::cyan, 1);
    }
    return lines;
  }

  Line bar(const run::PhaseProgress& phase, Style style) {
    const auto full = static_cast<std::size_t>(phase.ready * static_cast<std::int64_t>(kBar) /
                                               std::max<std::int64_t>(1, phase.total));
    std::string done_part;
    std::string open_part;
    for (std::size_t i = 0; i < kBar; ++i) {
      if (i < full) {
        done_part += screen_.utf8 ? "━" : "=";
      } else {
        open_part += screen_.utf8 ? "─" : ".";
      }
    }
    return Line(screen_).add(done_part, style).add(open_part, Style::dim);
  }

  std::string since(const run::PhaseProgress& phase) {
    return phase.started ? elapsed(phase.ended.value_or(now_) - *phase.started) : "";
  }

  // An environment a line, where cards would not fit.

  std::vector<Line> rows() {
    const std::size_t frame = 6 + notices_.size();
    const std::size_t room = screen_.rows > frame ? screen_.rows - frame : 1;
    std::vector<Line> lines;
    std::size_t left_out = 0;
    for (const EnvironmentStatus status : {EnvironmentStatus::halted, EnvironmentStatus::running,
                                           EnvironmentStatus::ready, EnvironmentStatus::skipped}) {
      for (const run::EnvironmentProgress& environment : run_.environments) {
        if (environment.status != status) continue;
        if (lines.size() < room) {
          lines.push_back(row(environment));
        } else {
          ++left_out;
        }
      }
    }
    if (left_out > 0) lines.push_back(Line(screen_).add(fmt::format("and {} more", left_out), Style::dim));
    return lines;
  }

  Line row(const run::EnvironmentProgress& environment) {
    const std::size_t width = screen_.columns - 1;
    const run::PhaseProgress* phase = environment.current();
    const PhaseStatus status = environment.status == EnvironmentStatus::ready ? PhaseStatus::ready
                               : phase == nullptr                             ? PhaseStatus::to_come
                                                                              : phase->status;
    Line line(screen_);
    line.add(glyph(status), style_of(status))
        .add(" ")
        .add(environment.name, Style::bold, std::min<std::size_t>(width, 24))
        .pad(std::min<std::size_t>(width, 25));
    if (environment.status == EnvironmentStatus::ready)
      return line.add(verdict(environment).first, Style::green, width);
    if (environment.status == EnvironmentStatus::skipped)
      return line.add("skipped: " + environment.reason, Style::dim, width);
    if (phase == nullptr) return line.add(before_phases(environment), Style::dim, width);
    return line.add(phase->name + ": " + phase_words(run_.action, *phase), style_of(status), width);
  }

  // Signs.

  static Style style_of(PhaseStatus status) {
    switch (status) {
      case PhaseStatus::working:
        return Style::yellow;
      case PhaseStatus::settling:
        return Style::cyan;
      case PhaseStatus::ready:
        return Style::green;
      case PhaseStatus::failed:
        return Style::red;
      case PhaseStatus::to_come:
      case PhaseStatus::not_touched:
        break;
    }
    return Style::dim;
  }

  std::string glyph(PhaseStatus status) {
    switch (status) {
      case PhaseStatus::to_come:
        return screen_.utf8 ? "○" : ".";
      case PhaseStatus::working:
        return wheel();
      case PhaseStatus::settling:
        return screen_.utf8 ? "◔" : "~";
      case PhaseStatus::ready:
        return screen_.utf8 ? "✔" : "+";
      case PhaseStatus::failed:
        return screen_.utf8 ? "✖" : "x";
      case PhaseStatus::not_touched:
        break;
    }
    return screen_.utf8 ? "–" : "-";
  }

  std::string wheel() {
    constexpr std::array<const char*, 10> kSmooth{"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};
    constexpr std::array<const char*, 4> kPlain{"|", "/", "-", "\\"};
    return screen_.utf8 ? kSmooth.at(tick_ % kSmooth.size()) : kPlain.at(tick_ % kPlain.size());
  }

  const run::RunProgress& run_;
  Time now_;
  const Screen& screen_;
  unsigned tick_;
  const std::vector<std::string>& notices_;
};

}  // namespace

std::vector<Line> draw_run(const run::RunProgress& run, Time now, const Screen& screen, unsigned tick,
                           const std::vector<std::string>& notices) {
  return Picture(run, now, screen, tick, notices).draw();
}

void LiveView::tell(const run::Notice& notice) {
  constexpr unsigned kAWhile = 300;  // pictures: half a minute
  const std::lock_guard lock(mutex_);
  const bool passes = notice.lasts == run::Notice::Lasts::a_while;
  told_.push_back({notice.text, passes ? std::optional(tick_ + kAWhile) : std::nullopt});
}

/// Those that still hold, the last few.
std::vector<std::string> LiveView::notices() {
  constexpr std::size_t kMost = 3;
  const std::lock_guard lock(mutex_);
  ++tick_;
  std::erase_if(told_, [&](const Told& one) { return one.until && *one.until < tick_; });
  if (told_.size() > kMost) told_.erase(told_.begin(), told_.end() - kMost);
  std::vector<std::string> texts;
  for (const Told& one : told_) texts.push_back(one.text);
  return texts;
}

void LiveView::show(const run::RunProgress& run, Time now) {
  if (run.started == Time{}) return;
  const Screen screen = terminal_.screen();
  const auto below = notices();
  terminal_.draw(draw_run(run, now, screen, tick_, below));
}

void LiveView::finish(const run::RunProgress& run, Time now) {
  show(run, now);
  terminal_.finish();
}

std::unique_ptr<run::Observer> make_view(bool json) {
  std::FILE* out = json ? stderr : stdout;
  if (is_live_terminal(out)) return std::make_unique<LiveView>(out);
  return std::make_unique<PlainView>(out);
}

}  // namespace lamplighter::console
