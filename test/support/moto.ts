import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { freePort } from '../../local/ports.ts';
import { programOf } from './python.ts';

export interface Keys {
  accessKeyId: string;
  secretAccessKey: string;
}

/** The S3 service of moto on loopback, which checks signatures and rights. */
export class Moto {
  readonly origin: string;
  readonly bucket = 'hr-exports';
  /** May read the bucket. */
  reader: Keys = { accessKeyId: '', secretAccessKey: '' };
  /** Has keys, and no rights. */
  stranger: Keys = { accessKeyId: '', secretAccessKey: '' };
  #client = new S3Client({ region: 'eu-central-1' });
  readonly #process: ChildProcess;

  private constructor(port: number) {
    this.origin = `http://127.0.0.1:${String(port)}`;
    this.#process = spawn(programOf('moto_server'), ['-H', '127.0.0.1', '-p', String(port)], {
      stdio: ['ignore', 'ignore', 'ignore'],
    });
  }

  static async start(): Promise<Moto> {
    const moto = new Moto(await freePort());
    for (let attempt = 0; ; attempt++) {
      if (moto.#process.exitCode !== null || attempt > 300) throw new Error('moto_server does not answer');
      const answer = await fetch(`${moto.origin}/moto-api/`).catch(() => undefined);
      if (answer?.ok) break;
      await sleep(100);
    }
    const writer = await moto.#user('writer', ['s3:*']);
    moto.reader = await moto.#user('reader', ['s3:GetObject', 's3:ListBucket']);
    moto.stranger = await moto.#user('stranger', []);
    moto.#client = new S3Client({
      endpoint: moto.origin,
      region: 'eu-central-1',
      forcePathStyle: true,
      credentials: writer,
    });
    const CreateBucketConfiguration = { LocationConstraint: 'eu-central-1' as const };
    await moto.#client.send(new CreateBucketCommand({ Bucket: moto.bucket, CreateBucketConfiguration }));
    await fetch(`${moto.origin}/moto-api/reset-auth`, { method: 'POST', body: '0' });
    return moto;
  }

  async put(key: string, content: string | Buffer): Promise<void> {
    await this.#client.send(new PutObjectCommand({ Bucket: this.bucket, Key: key, Body: content }));
  }

  async get(key: string): Promise<Buffer> {
    const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  }

  async clear(): Promise<void> {
    const { Contents = [] } = await this.#client.send(new ListObjectsV2Command({ Bucket: this.bucket }));
    if (Contents.length === 0) return;
    const Objects = Contents.map(({ Key }) => ({ Key }));
    await this.#client.send(new DeleteObjectsCommand({ Bucket: this.bucket, Delete: { Objects } }));
  }

  async stop(): Promise<void> {
    this.#client.destroy();
    if (this.#process.exitCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }

  async #user(name: string, actions: string[]): Promise<Keys> {
    await this.#iam({ Action: 'CreateUser', UserName: name });
    if (actions.length > 0) {
      const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] };
      const named = { PolicyName: 'rights', PolicyDocument: JSON.stringify(policy) };
      await this.#iam({ Action: 'PutUserPolicy', UserName: name, ...named });
    }
    const answer = await this.#iam({ Action: 'CreateAccessKey', UserName: name });
    const found = (tag: string) => new RegExp(`<${tag}>([^<]+)</${tag}>`).exec(answer)?.[1] ?? '';
    return { accessKeyId: found('AccessKeyId'), secretAccessKey: found('SecretAccessKey') };
  }

  async #iam(form: Record<string, string>): Promise<string> {
    const answer = await fetch(this.origin, {
      method: 'POST',
      body: new URLSearchParams({ ...form, Version: '2010-05-08' }),
      // moto finds the service in the scope of the signature, and does not check it yet
      headers: { authorization: 'AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/iam/aws4_request, Signature=x' },
    });
    if (!answer.ok) throw new Error(`moto: ${await answer.text()}`);
    return answer.text();
  }
}
