-- Brings the tokens in turn, and prints as JSON what was measured.
local requests = {}
local last = 0

function init(tokens)
  for _, token in ipairs(tokens) do
    requests[#requests + 1] = wrk.format("GET", nil, { ["Authorization"] = "Bearer " .. token })
  end
end

function request()
  last = last % #requests + 1
  return requests[last]
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  local measured = '{"requests":%d,"failed":%d,"seconds":%f,"p99":%f}'
  print(measured:format(summary.requests, failed, summary.duration / 1e6, latency:percentile(99) / 1e3))
end
