--[[ Forget a failure of an effect, unless the effect has failed again since it was read.
  KEYS[1] failed  HASH  effect id -> failure (JSON)
  ARGV[1] effect id
  ARGV[2] the failure as it was read, JSON
  Returns 1 forgotten | 0 it is another one or gone, nothing written
  Caller  src/redis/failed-effects.ts      Proof  test/redis/failed-effects.test.ts
]]
if redis.call("HGET", KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call("HDEL", KEYS[1], ARGV[1])
return 1
