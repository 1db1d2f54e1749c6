-- Sends the requests of a file one after the other and sees that every answer has the status it should have.
--
--   wrk -s load.lua URL -- FILE START STATUSES
--
-- FILE holds each request as its length in decimal, a line feed, and its bytes; START is the number of the first one
-- to send; STATUSES are those that count as right, with commas around each (",200,304,").

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(arguments)
  local file = assert(io.open(arguments[1], "rb"))
  requests, sent, wrong = {}, 0, 0
  for length in function() return file:read("*n") end do
    file:read(1)
    requests[#requests + 1] = file:read(length)
  end
  file:close()
  position = tonumber(arguments[2])
  right = {}
  for status in arguments[3]:gmatch("%d+") do right[tonumber(status)] = true end
end

function request()
  sent = sent + 1
  position = position % #requests + 1
  return requests[position]
end

function response(status)
  if not right[status] then
    wrong = wrong + 1
    first_wrong = first_wrong or status
  end
end

function done(summary, latency)
  local sent, wrong, first_wrong = 0, 0, 0
  for _, thread in ipairs(threads) do
    sent = sent + thread:get("sent")
    wrong = wrong + thread:get("wrong")
    first_wrong = thread:get("first_wrong") or first_wrong
  end
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"answers": %d, "seconds": %f, "bytes": %d, "sent": %d, "wrong": %d, "first_wrong": %d, "broken": %d, "p50": %f, "p99": %f}\n',
    summary.requests, summary.duration / 1e6, summary.bytes, sent, wrong, first_wrong,
    errors.connect + errors.read + errors.write + errors.timeout, latency:percentile(50), latency:percentile(99)
  ))
end
