#include "api/auth/door.h"

#include <algorithm>
#include <array>

#include "api/auth/sigv4.h"
#include "base/authority.h"
#include "base/who.h"

namespace lamplighter::api {
namespace {

/// Whether a browser says that a page from elsewhere made it send this: it would send what the page wants,
/// but for a name and headers that it can't choose.
bool is_of_another_site(const http::Request& header) {
  const std::string_view site = http::header(header.headers, "sec-fetch-site");
  if (!site.empty() && site != "same-origin" && site != "none") return true;
  const std::string_view origin = http::header(header.headers, "origin");
  return !origin.empty() && origin != "http://" + std::string(http::header(header.headers, "host"));
}

tl::unexpected<Error> denied(std::string why) {
  return fail(ErrorKind::bad_input, "AccessDeniedException", std::move(why));
}

}  // namespace

Status Door::check(const http::Request& request, std::string_view service) const {
  return keys_ ? verify_signature(request, *keys_, service, clock_.now()) : check_header(request, service);
}

Status Door::check_header(const http::Request& header, std::string_view service) const {
  if (keys_) return verify_header(header, *keys_, service, clock_.now());
  const auto host = parse_authority(http::header(header.headers, "host"));
  if (!host || !host->is_loopback)
    return denied("without authentication, only requests to localhost, 127.0.0.1 or [::1] are answered");
  if (is_of_another_site(header)) return denied("without authentication, no other site's page is answered");
  return {};
}

json::object Door::sender_of(const http::Request& request) const {
  if (request.peer) {
    return {{"how", "socket"},
            {"user", user_name(request.peer->uid)},
            {"uid", request.peer->uid},
            {"pid", request.peer->pid},
            {"host", host_name()}};
  }
  json::object sender{{"how", "api"}};
  if (keys_) sender["key"] = keys_->access_key_id;  // a signature's key is the only one that there is
  return sender;
}

bool is_refusal(const Error& error) {
  constexpr std::array kRefusals{"MissingAuthenticationTokenException", "IncompleteSignatureException",
                                 "UnrecognizedClientException", "InvalidSignatureException",
                                 "AccessDeniedException"};
  return std::find(kRefusals.begin(), kRefusals.end(), error.code) != kRefusals.end();
}

}  // namespace lamplighter::api
