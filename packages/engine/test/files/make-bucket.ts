/** A bucket of an S3 server, which may exist already. */
export async function makeBucket(server: URL, bucket: string): Promise<void> {
  const { S3Client, CreateBucketCommand } = await import('@aws-sdk/client-s3');
  const client = new S3Client({
    endpoint: server.origin,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: {
      accessKeyId: decodeURIComponent(server.username),
      secretAccessKey: decodeURIComponent(server.password),
    },
  });
  try {
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
  } catch (error) {
    if (!(error instanceof Error) || !/BucketAlready/.test(error.name)) throw error;
  } finally {
    client.destroy();
  }
}
