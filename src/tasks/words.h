// Lists of servers in the words of a sentence.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace lamplighter::tasks {

/// What is said of each name, told once for all of whom it is true: "test2, test7: status checks; test8:
/// stopping". At most `max_names` names a clause ("test2, test7 and 10 more") and `max_clauses` clauses.
std::string tell(const std::vector<std::pair<std::string, std::string>>& said_of, std::size_t max_names,
                 std::size_t max_clauses);

}  // namespace lamplighter::tasks
