-- A request with places for a secret's number, made once; what is left to do
-- for each request is to put the number in, so that the generator is cheap.
--
-- {number} in the target: the seven digits of the name.  {version}: the last
-- 31 digits of the version id, as fill.c derives it from the number.

local request = {}

request.secrets = tonumber(os.getenv("BENCH_SECRETS"))

function request.seed(id)
  math.randomseed(tonumber(os.getenv("BENCH_SEED")) + id)
end

-- At most BENCH_RATE requests a second, 0: as many as are answered: before each
-- of its requests a connection waits, by chance shorter or longer.
function request.pace()
  local rate = tonumber(os.getenv("BENCH_RATE"))
  if rate > 0 then
    local mean = 1000 * tonumber(os.getenv("BENCH_CONNECTIONS")) / rate
    function delay()
      return math.random(0, math.floor(2 * mean))
    end
  end
end

-- a function that returns the request for a secret chosen at random
function request.random(method, target, headers, body)
  local text = wrk.format(method, target, headers, body)
  local head, tail = text:match("^(.-){number}(.*)$")
  if not head then
    return function() return text end
  end
  local format, random, last = string.format, math.random, request.secrets - 1
  local middle, rest = tail:match("^(.-){version}(.*)$")
  if middle then
    return function()
      local n = random(0, last)
      return head .. format("%07d", n) .. middle .. format("%031x", n) .. rest
    end
  end
  return function()
    return head .. format("%07d", random(0, last)) .. tail
  end
end

return request
