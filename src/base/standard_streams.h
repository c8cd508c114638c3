// Standard input, output and error: there when the program begins, written when it ends.
#pragma once

namespace lamplighter {

/// Opens /dev/null where descriptor 0, 1 or 2 is closed: else the next file or connection would take its
/// number, and what is printed would go there. To be called before anything else is opened.
void open_standard_descriptors();

/// Writes out what standard output still holds. False where that, or anything before, could not be written.
bool flush_standard_output();

}  // namespace lamplighter
