# frozen_string_literal: true

# As default.rb, with the least that the page asks beyond it.
require 'sinatra'
require 'json'
require 'bcrypt'
require 'securerandom'
require 'time'

set :bind, '127.0.0.1'
set :port, ENV.fetch('PORT')
# In development, the default, an error is a page with the code and what was sent.
set :environment, :production
set :raise_errors, false
set :show_exceptions, false
disable :protection

USERS = JSON.parse(File.read(ENV.fetch('ACCOUNTS')))
USERS.each { |one| one['hash'] = BCrypt::Password.create(one['password'], cost: 4) }
# One object for the whole class of what may be wrong with a body.
Unreadable = Class.new(StandardError)

def answer(code, message, body = nil)
  content_type :json
  headers 'Cache-Control' => 'no-store'
  header = { response_code: '1001A', result_code: code, result_msg: message, session_id: '' }
  { header: header, body: body }.to_json
end

error do
  status 200
  answer('12', '수신 메세지의 Body 정보가 잘못된 형태여서 파싱하지 못했습니다.')
end

not_found do
  halt 405, { 'Allow' => 'POST' }, '' unless request.post?
  answer('10', '로그인 정보가 정확하지 않습니다.')
end

def read
  raise Unreadable unless request.media_type == 'application/json'

  text = request.body.read.force_encoding('UTF-8')
  raise Unreadable unless text.valid_encoding?

  sent = JSON.parse(text)
  raise Unreadable unless sent['header']['request_code'] == '1001Q'

  found = sent['body'].values_at('memb_email', 'memb_pwd')
  raise Unreadable unless found.all?(String)

  found
end

post '/api/:company_id/login' do
  email, password = read
  user = USERS.find { |one| one['company'] == params[:company_id] && one['email'] == email }
  # bcrypt reads 72 bytes, and stops at NUL.
  if user.nil? || password.bytesize > 72 || password.include?("\0") || user['hash'] != password
    answer('10', '로그인 정보가 정확하지 않습니다.')
  elsif user['blocked']
    answer('95', 'API를 호출할 수 없는 회사입니다. 관리자에게 문의해주세요.')
  else
    answer('00', '성공적으로 로그인되었습니다.',
           access_token: SecureRandom.hex(32), comp_id: user['company'], device_id: 'web',
           expire_date: (Time.now + (30 * 86_400)).iso8601, memb_email: user['email'])
  end
end
