--[[ Keep a sealed secret, and note it in its partition's list, in one step.
  KEYS[1] secret  STRING    KEYS[2] list  SET  "<owner>:<ref>"
  ARGV[1] the sealed secret    ARGV[2] "<owner>:<ref>"    ARGV[3] how long to keep it, seconds
  Returns 1
  Caller  src/redis/secret-store.ts      Proof  test/redis/secret-store.test.ts
]]
redis.call("SET", KEYS[1], ARGV[1], "EX", ARGV[3])
redis.call("SADD", KEYS[2], ARGV[2])
return 1
