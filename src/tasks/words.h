// Lists of servers in the words of a sentence.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace lamplighter::tasks {

/// (name, what is said of it).
using Remarks = std::vector<std::pair<std::string, std::string>>;

/// What is said of each name, told once for all of whom it is true, a clause each: "test2, test7: status
/// checks". At most `max_names` names a clause ("test2, test7 and 10 more") and `max_clauses` clauses, then
/// "and 12 more servers".
std::vector<std::string> clauses(const Remarks& said_of, std::size_t max_names, std::size_t max_clauses);

/// The same in one sentence: "test2, test7: status checks; test8: stopping".
std::string tell(const Remarks& said_of, std::size_t max_names, std::size_t max_clauses);

}  // namespace lamplighter::tasks
