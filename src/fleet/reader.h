// Reads typed values out of a YAML tree and gathers every error on the way, so that one look at a fleet file
// names all that is wrong with it. Internal to the fleet parser.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "fleet/keys.h"
#include "fleet/parse.h"
#include "fleet/yaml.h"

namespace lamplighter::fleet {

/// What "found …" says of a node: `a list`, `the number 5`, `"text"`.
std::string describe(const YamlNode& node);

/// A mapping whose keys were checked. Refers to the tree.
class Members {
 public:
  Members() = default;
  explicit Members(const YamlNode& mapping) : mapping_(&mapping) {}
  /// The value of `key`; nullptr where it is not given. The first one where it is given twice.
  [[nodiscard]] const YamlNode* find(std::string_view key) const;

 private:
  const YamlNode* mapping_ = nullptr;
};

/// Every function that can fail adds an error and gives nullopt (or the fallback).
class Reader {
 public:
  void error(Place place, std::string message);
  /// The errors so far, in the order of their places.
  [[nodiscard]] std::vector<Diagnostic> take_errors();

  /// A mapping with none but the known keys, each at most once. `expected` says what belongs here: "a phase:
  /// name, servers, …".
  std::optional<Members> mapping(const YamlNode& node, keys::Keys known, std::string_view expected);
  /// A mapping with keys of the user's choice, each at most once.
  bool free_mapping(const YamlNode& node, std::string_view expected);
  /// A list with at least one item.
  bool list(const YamlNode& node, std::string_view expected);
  /// An error at `parent` where `key` is not given.
  const YamlNode* required(const Members& members, std::string_view key, const YamlNode& parent,
                           std::string_view expected);

  /// Text: a scalar that YAML does not read as a number, a truth or nothing, without control characters.
  std::optional<std::string> text(const YamlNode& node, std::string_view expected);
  /// One of `words`.
  std::optional<std::string> word(const YamlNode& node, const std::vector<std::string>& words);
  /// A name that may stand in state names and ARNs: letters, digits, "-" and "_", beginning with a letter or
  /// digit.
  std::optional<std::string> name(const YamlNode& node, std::string_view what, std::size_t max_length);
  /// Whole seconds within [low, high].
  std::optional<Duration> duration(const YamlNode& node, Duration low, Duration high);
  /// A whole number within [low, high].
  std::optional<int> number(const YamlNode& node, int low, int high);
  std::optional<std::string> region(const YamlNode& node);
  std::optional<std::string> role_arn(const YamlNode& node);
  /// An account's 12 digits, in quotes: as a number they could lose their zeros.
  std::optional<std::string> account(const YamlNode& node);
  std::optional<Time> moment(const YamlNode& node);

 private:
  bool unique_keys(const YamlNode& mapping);
  std::vector<Diagnostic> errors_;
};

}  // namespace lamplighter::fleet
