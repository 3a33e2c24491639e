-- wrk: reads secrets at random; the token and their number come by environment
local count = tonumber(os.getenv("BENCH_SECRETS"))
local headers = { ["Authorization"] = "Bearer " .. os.getenv("BENCH_TOKEN") }

-- requests are made before the clock starts, so that the generator is cheap
local requests = {}

function init(args)
  wrk.headers["Authorization"] = headers["Authorization"]
  for i = 1, 20000 do
    local path = string.format("/secrets/bench-%07d/?api-version=7.4",
      math.random(0, count - 1))
    requests[i] = wrk.format("GET", path)
  end
end

local next_request = 0

function request()
  next_request = next_request % #requests + 1
  return requests[next_request]
end

-- one line that bench.py reads
function done(summary, latency, requests)
  io.write(string.format("RESULT %d %d %d %d %d %d %d\n",
    summary.requests, summary.duration,
    summary.errors.status + summary.errors.connect + summary.errors.read
      + summary.errors.write + summary.errors.timeout,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9),
    summary.bytes))
end
