#include "tasks/mail_body.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/plain_text.h"
#include "base/words.h"

namespace lamplighter::tasks {
namespace {

constexpr std::size_t kLastLineBytes = 300;  // what is kept free for saying what was left out

}  // namespace

MailBody::MailBody(std::size_t max_bytes) : room_(max_bytes - std::min(max_bytes, kLastLineBytes)) {}

void MailBody::line(const std::string& text) {
  const std::string plain = plain_line(text);
  if (is_cut() || text_.size() + plain.size() + 1 > room_) {
    ++left_out_;
    return;
  }
  text_ += plain;
  text_ += '\n';
}

std::string MailBody::text(const std::string& where) && {
  if (is_cut())
    text_ += fmt::format("\n(Cut here: {} left out. {})\n", count_of(left_out_, "more line"), where);
  return std::move(text_);
}

}  // namespace lamplighter::tasks
