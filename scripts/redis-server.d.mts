/** Whether there is one to start. */
export declare function hasRedisServer(): boolean
