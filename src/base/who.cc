#include "base/who.h"

#include <array>
#include <vector>

#include <pwd.h>
#include <unistd.h>

namespace lamplighter {

std::string user_name(std::uint32_t uid) {
  std::vector<char> room(16'384);
  passwd entry{};
  passwd* found = nullptr;
  const bool known = ::getpwuid_r(uid, &entry, room.data(), room.size(), &found) == 0 && found != nullptr;
  return known ? found->pw_name : std::to_string(uid);
}

std::string own_user_name() { return user_name(::geteuid()); }

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

}  // namespace lamplighter
