--[[ Drop the oldest update of a person's inbox after it was handled, if it still is that one.
  KEYS[1] inbox    LIST    KEYS[2] pending  ZSET
  ARGV[1] the update that was handled (JSON, as read)    ARGV[2] person
  Returns how many updates wait now | -1 another update is the oldest: somebody else handled this one, nothing written
  Caller  src/redis/inbox.ts      Proof  test/redis/inbox.test.ts
]]
if redis.call("LINDEX", KEYS[1], 0) ~= ARGV[1] then return -1 end
redis.call("LPOP", KEYS[1])
local left = redis.call("LLEN", KEYS[1])
if left == 0 then redis.call("ZREM", KEYS[2], ARGV[2]) end
return left
