--[[ Put an approval in the place of what it was, unless somebody else has changed it since it was read.
  KEYS[1] approvals  HASH  id -> approval (JSON)
  ARGV[1] id
  ARGV[2] the approval as it was read, JSON
  ARGV[3] the approval as it is now, JSON
  Returns 1 replaced | 0 it is another one or gone, nothing written
  Caller  src/redis/approval-store.ts      Proof  test/redis/approval-store.test.ts
]]
if redis.call("HGET", KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call("HSET", KEYS[1], ARGV[1], ARGV[3])
return 1
