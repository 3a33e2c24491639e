-- wrk: reads, the tokens of a file in turn.  A cache that drops what was used
-- longest ago never has the next one, when there are more than fit into it.

local folder = os.getenv("BENCH_FOLDER")
dofile(folder .. "/result.lua")
local requests = dofile(folder .. "/request.lua")

local reads = {}
local turn = 0

function init()
  requests.seed(1)
  requests.pace()
  for token in io.lines(os.getenv("BENCH_TOKENS")) do
    reads[#reads + 1] = requests.random("GET", os.getenv("BENCH_TARGET"),
      { Host = wrk.headers["Host"], Authorization = "Bearer " .. token })
  end
end

function request()
  turn = turn % #reads + 1
  return reads[turn]()
end
