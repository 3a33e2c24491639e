-- wrk: writes new versions of secrets chosen at random (a PUT as the SDKs send
-- it), and between them reads: BENCH_WRITES is the writes' share in percent.

local folder = os.getenv("BENCH_FOLDER")
dofile(folder .. "/result.lua")
local requests = dofile(folder .. "/request.lua")

local share = tonumber(os.getenv("BENCH_WRITES"))
local read, write

function init()
  requests.seed(1)
  requests.pace()
  local headers = {
    Host = wrk.headers["Host"],
    Authorization = "Bearer " .. os.getenv("BENCH_TOKEN"),
  }
  read = requests.random("GET", os.getenv("BENCH_TARGET"), headers)
  headers["Content-Type"] = "application/json"
  write = requests.random("PUT", "/secrets/bench-{number}?api-version=7.4",
    headers, string.format('{"value":"%s"}',
      string.rep("w", tonumber(os.getenv("BENCH_VALUE")))))
end

function request()
  if math.random(1, 100) <= share then
    return write()
  end
  return read()
end
