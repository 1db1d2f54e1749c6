-- Asks for one path again and again and tells how long each answer took, by its status.
--
--   wrk -s latency.lua URL -- PATH TOKEN PAUSE WARM-UP
--
-- Each connection pauses about PAUSE milliseconds before a request; answers in the first WARM-UP milliseconds do not
-- count. The answer must bear the id of its request.

local ffi = require("ffi")
ffi.cdef "typedef struct { long seconds, nanoseconds; } moment; int clock_gettime(int, moment *);"
local moment = ffi.new("moment")
local threads = {}

local function now() -- in milliseconds, by the monotonic clock
  ffi.C.clock_gettime(1, moment)
  return tonumber(moment.seconds) * 1e3 + tonumber(moment.nanoseconds) / 1e6
end

function setup(thread)
  table.insert(threads, thread)
end

function init(arguments)
  path, token = arguments[1], arguments[2]
  local pause = tonumber(arguments[3])
  number, sent, seen = 0, {}, {}
  start = now() + tonumber(arguments[4])
  if pause > 0 then
    delay = function() return math.floor(-pause * math.log(1 - math.random()) + 0.5) end
  end
end

function request()
  number = number + 1
  local id = tostring(number)
  sent[id] = now()
  return table.concat {
    "GET ", path, " HTTP/1.1\r\nHost: doable.test\r\nAuthorization: Bearer ", token, "\r\nX-Request-ID: ", id, "\r\n\r\n",
  }
end

function response(status, headers)
  local id = headers["x-request-id"]
  local at = sent[id]
  sent[id] = nil
  if at < start then return end
  local key = string.format("%d %.3g", status, now() - at)
  seen[key] = (seen[key] or 0) + 1
end

-- What `done` asks each thread for: lines of status, milliseconds, and how many.
setmetatable(_G, {__index = function(_, name)
  if name ~= "report" then return nil end
  local lines = {}
  for key, count in pairs(seen) do lines[#lines + 1] = key .. " " .. count end
  return table.concat(lines, "\n")
end})

function done(summary)
  local errors = summary.errors
  io.write("BROKEN ", errors.connect + errors.read + errors.write + errors.timeout, "\n")
  for _, thread in ipairs(threads) do io.write(thread:get("report"), "\n") end
end
