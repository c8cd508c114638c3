// The regions of AWS.
#pragma once

#include <string>
#include <vector>

namespace lamplighter::fleet {

/// All regions of all partitions, sorted, as botocore 1.44.8 (November 2026) lists them;
/// tests/test_fleet_files.py holds the list to whichever botocore the tests use.
const std::vector<std::string>& regions();

}  // namespace lamplighter::fleet
