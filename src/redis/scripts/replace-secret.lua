--[[ Put another form of a sealed secret in its place, unless it was dropped or replaced since it was read. Its expiry stays.
  KEYS[1] secret  STRING
  ARGV[1] the secret as it was read    ARGV[2] its new form
  Returns {1} replaced | {0, secret} another one is there, nothing written | {0} none is there, nothing written
  Caller  src/redis/secret-rotation.ts      Proof  test/redis/secret-rotation.test.ts
]]
local now = redis.call("GET", KEYS[1])
if not now then return { 0 } end
if now ~= ARGV[1] then return { 0, now } end
redis.call("SET", KEYS[1], ARGV[2], "KEEPTTL")
return { 1 }
