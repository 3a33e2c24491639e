-- wrk: reads, with one token.

local folder = os.getenv("BENCH_FOLDER")
dofile(folder .. "/result.lua")
local requests = dofile(folder .. "/request.lua")

local threads = 0

function setup(thread)
  threads = threads + 1
  thread:set("id", threads)
end

function init()
  requests.seed(id)
  wrk.headers["Authorization"] = "Bearer " .. os.getenv("BENCH_TOKEN")
  request = requests.random("GET", os.getenv("BENCH_TARGET"))
end
