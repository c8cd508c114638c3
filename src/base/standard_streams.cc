#include "base/standard_streams.h"

#include <cstdio>

#include <fcntl.h>
#include <unistd.h>

namespace lamplighter {

void open_standard_descriptors() {
  // The lowest free number is the one that is opened.
  int descriptor = 0;
  while (descriptor >= 0 && descriptor <= STDERR_FILENO) descriptor = ::open("/dev/null", O_RDWR);
  if (descriptor > STDERR_FILENO) ::close(descriptor);
}

bool flush_standard_output() { return std::fflush(stdout) == 0 && std::ferror(stdout) == 0; }

}  // namespace lamplighter
