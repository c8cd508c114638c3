#include <map>

#include <fmt/format.h>

#include "machine/compile.h"

namespace lamplighter::machine {
namespace {

/// Draws a definition of any shape; the labels of a Choice's arrows are its rules' comments.
class Diagram {
 public:
  std::string draw(const json::value& definition) {
    out_ = "stateDiagram-v2\n";
    draw_states(definition, "  ");
    return std::move(out_);
  }

 private:
  void draw_states(const json::value& machine, const std::string& indent) {
    const json::value* states = find(machine, "States");
    if (states == nullptr || !states->is_object()) return;
    // Names come first: an arrow may lead to a state that is declared later.
    std::map<std::string, std::string> ids;
    for (const auto& [name, state] : states->as_object())
      ids[std::string(name)] = fmt::format("s{}", ++count_);
    for (const auto& [name, state] : states->as_object()) {
      out_ += fmt::format("{}state \"{}\" as {}\n", indent, std::string(name), ids[std::string(name)]);
      if (find(state, "Branches") != nullptr) draw_branches(state, ids[std::string(name)], indent);
    }
    out_ += fmt::format("{}[*] --> {}\n", indent, ids[get_string(machine, "StartAt")]);
    for (const auto& [name, state] : states->as_object())
      draw_arrows(state, ids[std::string(name)], ids, indent);
  }

  void draw_branches(const json::value& state, const std::string& id, const std::string& indent) {
    out_ += fmt::format("{}state {} {{\n", indent, id);
    bool first = true;
    for (const json::value& branch : find(state, "Branches")->as_array()) {
      if (!first) out_ += indent + "  --\n";
      first = false;
      draw_states(branch, indent + "  ");
    }
    out_ += indent + "}\n";
  }

  void draw_arrows(const json::value& state, const std::string& id, std::map<std::string, std::string>& ids,
                   const std::string& indent) {
    const auto arrow = [&](const std::string& to, std::string_view label) {
      out_ += fmt::format("{}{} --> {}{}{}\n", indent, id, to, label.empty() ? "" : ": ", label);
    };
    if (const json::value* choices = find(state, "Choices")) {
      for (const json::value& rule : choices->as_array())
        arrow(ids[get_string(rule, "Next")], get_string(rule, "Comment"));
      arrow(ids[get_string(state, "Default")], "else");
    }
    if (const auto next = get_string(state, "Next"); !next.empty()) arrow(ids[next], "");
    draw_catches(state, arrow, ids);
    const std::string type = get_string(state, "Type");
    if (get_bool(state, "End") || type == "Succeed" || type == "Fail") arrow("[*]", "");
  }

  /// Several catchers that lead to one state are one arrow.
  template <class Arrow>
  void draw_catches(const json::value& state, const Arrow& arrow, std::map<std::string, std::string>& ids) {
    const json::value* catchers = find(state, "Catch");
    std::string drawn;
    for (const json::value& catcher : catchers != nullptr ? catchers->as_array() : json::array{}) {
      const std::string next = get_string(catcher, "Next");
      if (next != drawn) arrow(ids[next], "error");
      drawn = next;
    }
  }

  std::string out_;
  int count_ = 0;
};

}  // namespace

std::string to_mermaid(const json::value& definition) { return Diagram().draw(definition); }

}  // namespace lamplighter::machine
