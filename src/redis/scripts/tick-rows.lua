--[[ Remember rows of Telegram's list of Star transactions, each once for ever, and add them to the sums of their direction.
  KEYS[1] ticks  HASH <direction>:<charge id> -> Stars   KEYS[2] sums  HASH
  ARGV    three per row: direction (in | out), charge id, whole Stars; at most some hundred rows
  Returns how many were new
  Caller  src/redis/book-ticks.ts      Proof  test/redis/book-ticks.test.ts
]]
local new = 0
for i = 1, #ARGV, 3 do
  if redis.call("HSETNX", KEYS[1], ARGV[i] .. ":" .. ARGV[i + 1], ARGV[i + 2]) == 1 then
    redis.call("HINCRBY", KEYS[2], ARGV[i], ARGV[i + 2])
    new = new + 1
  end
end
return new
