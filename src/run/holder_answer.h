// How the holder's own paths answer at its socket, as SocketCaller reads it.
#pragma once

#include "base/result.h"
#include "http/message.h"
#include "json/json.h"

namespace lamplighter::run {

/// JSON with status 200; an error with 400 where the asker is at fault, else 500.
http::Response holder_answer(const Result<json::value>& answer);

}  // namespace lamplighter::run
