--[[ End an import that still has the turn: what it wrote is whole.
  KEYS[1] turn  STRING  who imports
  KEYS[2] mark  STRING  an import has not ended
  ARGV[1] who ends it
  Returns 1 ended | 0 the turn is another one's or gone, nothing written
  Caller  src/redis/backup-target.ts      Proof  test/backup/two-at-once.test.ts
]]
if redis.call("GET", KEYS[1]) ~= ARGV[1] then return 0 end
redis.call("DEL", KEYS[2], KEYS[1])
return 1
