// How the executions stand that this process can know of.
#pragma once

#include <string>

namespace lamplighter::tasks {

enum class Standing {
  unknown,  ///< it runs elsewhere
  acting,   ///< a task of it is at work on the environment
  between,  ///< it runs, and none is: its next task reads the lease first
  over,     ///< it has ended, or nobody carries it on, and none is
};

/// Safe to use from several threads.
class Holders {
 public:
  virtual ~Holders() = default;
  [[nodiscard]] virtual Standing standing(const std::string& execution,
                                          const std::string& environment) const = 0;
};

}  // namespace lamplighter::tasks
