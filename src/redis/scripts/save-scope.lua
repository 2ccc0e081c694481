--[[ Write the state of a collected scope, unless somebody else wrote it since it was read, and plan its next look.
  KEYS[1] scopes  HASH <dataset>:<spreadsheet id> -> state (JSON)   KEYS[2] due  ZSET, score = next look, epoch ms
  ARGV[1] scope   ARGV[2] rev that was read; 0: none was there   ARGV[3] state (JSON)   ARGV[4] next look, epoch ms; empty: never
  Returns 1 written | 0 changed meanwhile, nothing written
  Caller  src/redis/collection-store.ts      Proof  test/redis/collection-store.test.ts
]]
local stored = redis.call("HGET", KEYS[1], ARGV[1])
local rev = 0
if stored then rev = cjson.decode(stored)["rev"] end
if rev ~= tonumber(ARGV[2]) then return 0 end
redis.call("HSET", KEYS[1], ARGV[1], ARGV[3])
if ARGV[4] == "" then
  redis.call("ZREM", KEYS[2], ARGV[1])
else
  redis.call("ZADD", KEYS[2], ARGV[4], ARGV[1])
end
return 1
