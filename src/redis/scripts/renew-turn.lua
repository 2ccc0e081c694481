--[[ Keep a turn that is still ours for a further while.
  KEYS[1] turn  STRING  who has it
  ARGV[1] who keeps it
  ARGV[2] for how long from now, milliseconds
  Returns 1 kept | 0 it is another one's or gone, nothing written
  Caller  src/redis/screen-turns.ts      Proof  test/redis/screen-turns.test.ts
]]
if redis.call("GET", KEYS[1]) ~= ARGV[1] then return 0 end
redis.call("PEXPIRE", KEYS[1], ARGV[2])
return 1
