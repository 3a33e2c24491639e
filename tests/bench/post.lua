-- wrk: the same POST again and again.

local folder = os.getenv("BENCH_FOLDER")
dofile(folder .. "/result.lua")
local requests = dofile(folder .. "/request.lua")

function init()
  request = requests.random("POST", os.getenv("BENCH_TARGET"), {
    Host = wrk.headers["Host"],
    Authorization = "Bearer " .. os.getenv("BENCH_TOKEN"),
    ["Content-Type"] = "application/json",
  }, os.getenv("BENCH_BODY"))
end
