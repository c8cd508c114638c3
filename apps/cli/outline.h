// What the command line takes, as plain data: for whoever writes of it (completion, the manual page).
#pragma once

#include <string>
#include <vector>

namespace lamplighter::cli {

/// An option, or an argument, which has no names.
struct OptionOutline {
  std::vector<std::string> names;    ///< "-f", "--file"
  std::string value;                 ///< what its value is called, "FILE"; "" for a flag
  std::vector<std::string> choices;  ///< its values, where they are few
  std::string usual;                 ///< its value where it isn't given; "" where that isn't said
  std::string help;
  bool required = false;
  bool repeats = false;

  [[nodiscard]] bool is_argument() const { return names.empty(); }
  [[nodiscard]] bool takes_value() const { return !value.empty(); }
  [[nodiscard]] bool is_file() const { return value == "FILE"; }
  [[nodiscard]] bool is_directory() const { return value == "DIR"; }
};

struct VerbOutline {
  std::string name;  ///< "" for the program itself
  std::string description;
  std::string footer;
  std::vector<OptionOutline> options;  ///< arguments among them, in their order
};

struct Outline {
  VerbOutline program;
  std::vector<VerbOutline> verbs;
};

}  // namespace lamplighter::cli
