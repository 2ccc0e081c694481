--[[ Write one row of the books, once for ever, and add it to the sums.
  KEYS[1] rows  STREAM   KEYS[2] seen  HASH row name -> stream id   KEYS[3] sums  HASH
  ARGV[1] row name   ARGV[2] entry (charge | refund | chargeback)   ARGV[3] currency   ARGV[4] amount, smallest unit, signed
  ARGV[5] row (JSON)
  Returns 1 written | 0 the row is there already, nothing written
  Caller  src/redis/ledger.ts      Proof  test/redis/ledger.test.ts
]]
if redis.call("HEXISTS", KEYS[2], ARGV[1]) == 1 then return 0 end
local id = redis.call("XADD", KEYS[1], "*", "r", ARGV[5])
redis.call("HSET", KEYS[2], ARGV[1], id)
local sum = ARGV[3] .. ":" .. ARGV[2]
redis.call("HINCRBY", KEYS[3], sum, ARGV[4])
redis.call("HINCRBY", KEYS[3], sum .. ":rows", 1)
return 1
