--[[ End a turn, unless it was over before and somebody else has begun one.
  KEYS[1] turn  STRING  who has it
  ARGV[1] who ends it
  Returns 1 ended | 0 it is another one's or gone, nothing written
  Caller  src/redis/screen-turns.ts      Proof  test/redis/screen-turns.test.ts
]]
if redis.call("GET", KEYS[1]) ~= ARGV[1] then return 0 end
redis.call("DEL", KEYS[1])
return 1
